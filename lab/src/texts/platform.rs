//! What `status`, `down`, `logs` and every verb that looks at the running platform say.

super::texts! {
    NOT_RUNNING {
        fr: "Escale ne tourne pas. Pour la démarrer : cargo lab up",
        en: "Escale is not running. To start it: cargo lab up",
    }
    NOT_ANSWERING {
        fr: "Le superviseur (processus {pid}) ne répond pas. Arrêtez ce processus s'il existe encore, effacez {file}, puis relancez.",
        en: "The supervisor (process {pid}) does not answer. End that process if it still exists, remove {file}, then try again.",
    }
    STALE_STATE {
        fr: "Un superviseur précédent a disparu ; son fichier d'état est effacé.",
        en: "An earlier supervisor is gone; its state file is removed.",
    }
    NOTHING_TO_STOP { fr: "Rien à arrêter.", en: "Nothing to stop." }
    NOT_STARTED { fr: "{service} ne tourne pas.", en: "{service} is not running." }
    STOPPED_ONE {
        fr: "{service} est arrêté. Pour le relancer : cargo lab up --only {service}",
        en: "{service} is stopped. To start it again: cargo lab up --only {service}",
    }
    SOMETHING_DOWN {
        fr: "Ne répond pas : {services}. Pour relancer : cargo lab up --only {services}",
        en: "Down: {services}. To start again: cargo lab up --only {services}",
    }
    COLUMN_SERVICE { fr: "service", en: "service" }
    COLUMN_ADDRESS { fr: "adresse", en: "address" }
    COLUMN_ADMIN { fr: "administration", en: "admin" }
    COLUMN_PID { fr: "processus", en: "process" }
    COLUMN_STATE { fr: "état", en: "state" }
    COLUMN_SINCE { fr: "depuis", en: "since" }
    STATE_READY { fr: "prêt", en: "ready" }
    STATE_STARTING { fr: "démarre", en: "starting" }
    STATE_STOPPING { fr: "s'arrête", en: "stopping" }
    STATE_STOPPED { fr: "arrêté", en: "stopped" }
    STATE_DEAD { fr: "mort", en: "dead" }
    STATE_NOT_READY { fr: "pas prêt", en: "not ready" }
    NO_LOGS {
        fr: "Aucun journal dans {folder} : la plateforme n'a pas encore tourné ici.",
        en: "No log in {folder}: the platform has not run here yet.",
    }
    HOME_MISSING {
        fr: "Le dossier du projet {path} n'existe plus. Lancez `cargo lab` depuis le projet, ou donnez ESCALE_HOME.",
        en: "The project's folder {path} is gone. Run `cargo lab` in the project, or set ESCALE_HOME.",
    }
    HOME_UNUSABLE {
        fr: "ESCALE_HOME : {path} ne peut pas servir ({error}).",
        en: "ESCALE_HOME: {path} cannot be used ({error}).",
    }
    FILE_UNUSABLE { fr: "{path} : {error}", en: "{path}: {error}" }
    GATEWAY_AWAY {
        fr: "{url} ne répond pas ({error}). La plateforme tourne-t-elle ? cargo lab status",
        en: "{url} does not answer ({error}). Is the platform running? cargo lab status",
    }
    CA_UNUSABLE {
        fr: "{path} n'est pas une autorité utilisable ({error}). Pour en créer une : cargo lab certs",
        en: "{path} is no usable authority ({error}). To make one: cargo lab certs",
    }
    ERROR { fr: "erreur :", en: "error:" }
}
