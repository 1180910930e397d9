"""Addresses of the way out; all behind a brand."""

from django.urls import include, path

from palabre.publishing.calendar import urls as calendar
from palabre.publishing.views import (
    approval,
    composer,
    contents,
    deliveries,
    importing,
    kit,
    library,
    queue,
    writing,
)

app_name = "publishing"
_pages = [
    *calendar.PAGES,
    path("contents/", contents.contents, name="contents"),
    path("new/", composer.compose, name="compose"),
    path("contents/<int:pk>/", composer.post, name="post"),
    path("contents/<int:pk>/edit/", composer.compose, name="compose_post"),
    path("contents/<int:pk>/delete/", composer.delete, name="delete"),
    path("contents/<int:pk>/duplicate/", composer.duplicate, name="duplicate"),
    path("writing/", writing.writing, name="writing"),
    path("writing/people/", writing.people, name="people"),
    path("writing/blocks/<int:pk>/drop/", writing.drop_block, name="drop_block"),
    path("writing/marks/<int:pk>/drop/", writing.drop_marks, name="drop_marks"),
    path("contents/<int:pk>/versions/", writing.versions, name="versions"),
    path("contents/<int:pk>/versions/<int:revision>/back/", writing.back, name="back"),
    path("contents/<int:pk>/remarks/", writing.remarks, name="remarks"),
    path("library/", library.library, name="library"),
    path("library/upload/", library.upload, name="upload"),
    path("library/change/", library.change, name="change_assets"),
    path("library/folders/", library.folder, name="new_folder"),
    path("library/folders/<int:pk>/", library.folder, name="folder"),
    path("cards/<int:pk>/", library.card_image, name="card_image"),
    path("library/pick/", library.pick, name="pick"),
    path("library/<int:pk>/", library.asset, name="asset"),
    path("library/<int:pk>/back/", library.bring_back, name="bring_back"),
    path("library/<int:pk>/file/", library.file, name="file"),
    path("library/<int:pk>/small/", library.little, name="small"),
    path("library/<int:pk>/on/<int:channel>/", library.leaving, name="leaving"),
    path("by-hand/", kit.kits, name="kits"),
    path("by-hand/<int:pk>/", kit.kit, name="kit"),
    path("by-hand/<int:pk>/posted/", kit.kit_posted, name="kit_posted"),
    path("import/", importing.imports, name="imports"),
    path("import/sample.csv", importing.import_sample, name="import_sample"),
    path("import/<int:pk>/", importing.import_, name="import"),
    path("import/<int:pk>/progress/", importing.import_progress, name="import_progress"),
    path("import/<int:pk>/faults.csv", importing.import_faults, name="import_faults"),
    path("import/<int:pk>/<slug:act>/", importing.import_act, name="import_act"),
    path("approval/", approval.queue, name="approval"),
    path("approval/decide/", approval.answer, name="approval_decide"),
    path("approval/steps/", approval.steps, name="approval_steps"),
    path("queue/", queue.queue, name="queue"),
    path("queue/refill/", queue.refill, name="refill"),
    path("queue/<int:pk>/", queue.account, name="queue_account"),
    path("queue/<int:pk>/slots/<slug:act>/", queue.change_slots, name="change_slots"),
    path("queue/contents/<int:pk>/<slug:act>/", queue.arrange, name="arrange"),
    path("deliveries/<int:pk>/<slug:act>/", deliveries.act, name="act"),
]
_open = [
    path("approve/<str:token>/", approval.by_link, name="approval_link"),
    path("approve/<str:token>/<int:pk>/", approval.picture, name="approval_picture"),
]
urlpatterns = [path("b/<slug:brand>/publish/", include(_pages)), *_open, *calendar.OPEN]
