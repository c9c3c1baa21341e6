//! What `up` says.

super::texts! {
    BUILDING { fr: "Compilation des services…", en: "Building the services…" }
    BUILD_FAILED {
        fr: "La compilation a échoué ; rien n'a été démarré.",
        en: "The build failed; nothing was started.",
    }
    NO_CARGO {
        fr: "cargo ne peut pas être lancé ({error}). Installez Rust : https://rustup.rs",
        en: "cargo cannot be run ({error}). Install Rust: https://rustup.rs",
    }
    NO_PROGRAM {
        fr: "Le programme {program} n'existe pas. Relancez sans --no-build.",
        en: "The program {program} does not exist. Run again without --no-build.",
    }
    PORT_TAKEN {
        fr: "Le port {port}, voulu par {service}, est déjà pris par un autre programme. Arrêtez celui-ci, ou choisissez un autre port : cargo lab up --port {service}={free}",
        en: "Port {port}, wanted by {service}, is taken by another program. Stop that program, or choose another port: cargo lab up --port {service}={free}",
    }
    PORT_REFUSED {
        fr: "Le port {port}, voulu par {service}, ne peut pas être ouvert ({error}). Choisissez-en un autre : cargo lab up --port {service}={free}",
        en: "Port {port}, wanted by {service}, cannot be opened ({error}). Choose another one: cargo lab up --port {service}={free}",
    }
    NOTHING_CHOSEN {
        fr: "Aucun service à démarrer : --without les enlève tous.",
        en: "No service to start: --without takes them all out.",
    }
    SERVICE_DIED {
        fr: "Le service {service} s'est arrêté au démarrage ({ending}). Ses dernières lignes :",
        en: "The service {service} ended at its start ({ending}). Its last lines:",
    }
    SERVICE_SAID_NOTHING { fr: "(il n'a rien écrit)", en: "(it wrote nothing)" }
    DIED_CONFIGURATION {
        fr: "Sa configuration est fausse : corrigez ce qu'il dit, puis relancez. `cargo lab doctor` vérifie cette machine.",
        en: "Its configuration is wrong: mend what it says, then start again. `cargo lab doctor` checks this machine.",
    }
    DIED_OTHERWISE {
        fr: "Corrigez la cause, puis relancez. Pour démarrer sans lui : cargo lab up --without {service}. Journal complet : {log}",
        en: "Mend the cause, then start again. To start without it: cargo lab up --without {service}. Whole log: {log}",
    }
    NOT_READY {
        fr: "Pas prêt au bout de {seconds} s : {services}. Voyez `cargo lab logs`, ou relancez si la machine est très chargée.",
        en: "Not ready after {seconds} s: {services}. See `cargo lab logs`, or start again if the machine is very busy.",
    }
    SUPERVISOR_DIED {
        fr: "Le superviseur s'est arrêté au démarrage. Voyez {log}",
        en: "The supervisor ended at its start. See {log}",
    }
    ALL_STOPPED { fr: "Tout est arrêté.", en: "Everything is stopped." }
    READY {
        fr: "Escale est prête ({count} services, {milliseconds} ms).",
        en: "Escale is ready ({count} services, {milliseconds} ms).",
    }
    TRY_FIRST { fr: "Premier essai :", en: "First try:" }
    TRY_NEXT {
        fr: "Ensuite : `cargo lab demo` montre tout un parcours, `cargo lab token --user alice` donne un jeton.",
        en: "Then: `cargo lab demo` shows a whole journey, `cargo lab token --user alice` gives a token.",
    }
    IN_A_BROWSER {
        fr: "Toute l'API, à lire et à essayer dans un navigateur : {url}/docs",
        en: "The whole API, to read and to try in a browser: {url}/docs",
    }
    STOP_HINT_FOREGROUND { fr: "Ctrl-C arrête tout.", en: "Ctrl-C stops everything." }
    STOP_HINT_DETACHED { fr: "`cargo lab down` arrête tout.", en: "`cargo lab down` stops everything." }
    STOPPING { fr: "Arrêt…", en: "Stopping…" }
    ALREADY_RUNNING {
        fr: "Escale tourne déjà (superviseur {pid}). Pour repartir : cargo lab down, puis cargo lab up.",
        en: "Escale is running already (supervisor {pid}). To begin again: cargo lab down, then cargo lab up.",
    }
    ALREADY_UP {
        fr: "{service} tourne déjà. Pour le relancer : cargo lab down {service}, puis cargo lab up --only {service}",
        en: "{service} is running already. To restart it: cargo lab down {service}, then cargo lab up --only {service}",
    }
    STARTED_AGAIN { fr: "{service} tourne à nouveau.", en: "{service} is running again." }
    FRESH_REFUSED {
        fr: "--fresh efface les données : arrêtez d'abord la plateforme (cargo lab down).",
        en: "--fresh removes the data: stop the platform first (cargo lab down).",
    }
    FRESH_REMOVED { fr: "Effacé : {path}", en: "Removed: {path}" }
    MADE_CERTIFICATES { fr: "Certificats créés : {names}", en: "Certificates made: {names}" }
    RENEWED_CERTIFICATES {
        fr: "Certificats renouvelés, car ils expiraient dans moins de {days} jours : {names}",
        en: "Certificates renewed, as they ended within {days} days: {names}",
    }
    MADE_ACCOUNTS { fr: "Comptes de démonstration créés : {path}", en: "Demo accounts made: {path}" }
    MADE_MASTER_KEY { fr: "Clé maîtresse d'auth créée : {path}", en: "Master key of auth made: {path}" }
    MADE_AUDIT_KEY { fr: "Clé du journal d'audit créée : {path}", en: "Key of the audit log made: {path}" }
    OLD_AUDIT_NEW_KEY {
        fr: "{log} existe, mais sa clé {key} manque : plus rien ne prouve que ce journal d'audit est entier. Remettez la clé, mettez le journal de côté, ou repartez à neuf : cargo lab up --fresh",
        en: "{log} exists, but its key {key} is missing: nothing proves any more that this audit log is whole. Put the key back, put the log aside, or begin anew: cargo lab up --fresh",
    }
    OLD_DATABASE_NEW_KEY {
        fr: "{database} existe, mais sa clé {key} manque : ce qui y est chiffré ne s'ouvre plus. Remettez la clé, ou repartez à neuf : cargo lab up --fresh",
        en: "{database} exists, but its key {key} is missing: what is sealed in it opens no more. Put the key back, or begin anew: cargo lab up --fresh",
    }
    OLD_DATABASE_NEW_ACCOUNTS {
        fr: "{database} existe, mais {accounts} manque : de nouveaux mots de passe n'y changeraient rien. Remettez le fichier, ou repartez à neuf : cargo lab up --fresh",
        en: "{database} exists, but {accounts} is missing: new passwords would change nothing in it. Put the file back, or begin anew: cargo lab up --fresh",
    }
    SERVICE_DIED_LATER {
        fr: "le service {service} s'est arrêté ({ending}) ; pour le relancer : cargo lab up --only {service}",
        en: "the service {service} ended ({ending}); to start it again: cargo lab up --only {service}",
    }
    ENDED_WITH_CODE { fr: "code {code}", en: "code {code}" }
    ENDED_BY_SIGNAL { fr: "tué par un signal", en: "killed by a signal" }
    CANNOT_START { fr: "impossible à lancer : {error}", en: "cannot be run: {error}" }
}
