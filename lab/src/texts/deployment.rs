//! What `escale-prepare` says.

super::texts! {
    PREPARED {
        fr: "Certificats, clés, mots de passe et comptes sont prêts.",
        en: "Certificates, keys, passwords and accounts are ready.",
    }
    NOT_PREPARED {
        fr: "Rien n'est encore préparé. Démarrez d'abord la plateforme : docker compose up",
        en: "Nothing is prepared yet. Start the platform first: docker compose up",
    }
    USAGE {
        fr: "Utilisation : escale-prepare [ca|accounts]",
        en: "Usage: escale-prepare [ca|accounts]",
    }
}
