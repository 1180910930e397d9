"""Addresses of the calendar: `PAGES` behind a brand, `OPEN` for who holds a private address."""

from django.urls import path

from palabre.publishing.views import calendar, calendar_out, days, editorial, standstill

PAGES = [
    path("", calendar.calendar, name="calendar"),
    path("calendar/chosen/<int:pk>/", calendar.chosen, name="chosen"),
    path("calendar/move/", calendar.move_entry, name="move"),
    path("calendar/sheet.csv", calendar_out.as_sheet, name="calendar_csv"),
    path("calendar/sheet.pdf", calendar_out.as_paper, name="calendar_pdf"),
    path("calendar/feed/", calendar_out.feed, name="feed"),
    path("calendar/feed/renew/", calendar_out.renew, name="renew_feed"),
    path("days/", days.days, name="days"),
    path("days/write/", days.write, name="write_note"),
    path("days/choose/", days.choose, name="choose_days"),
    path("days/hide/", days.hide, name="hide_day"),
    path("days/<int:pk>/erase/", days.erase, name="erase_note"),
    path("editorial/", editorial.editorial, name="editorial"),
    path("editorial/<slug:kind>/", editorial.change, name="new_line"),
    path("editorial/<slug:kind>/<int:pk>/", editorial.change, name="line"),
    path("standstill/", standstill.standstill, name="standstill"),
    path("standstill/stop/", standstill.stop, name="stop"),
    path("standstill/resume/", standstill.resume, name="resume"),
]
OPEN = [path("publish/calendar/<str:token>.ics", calendar_out.calendar_feed, name="ical")]
