//! What `jail` says.

super::texts! {
    EMPTY { fr: "Personne n'est suspendu.", en: "Nobody is banned." }
    COLUMN_KEY { fr: "adresse ou compte", en: "address or user" }
    COLUMN_STATE { fr: "état", en: "state" }
    COLUMN_BANS { fr: "suspensions", en: "bans" }
    COLUMN_REASON { fr: "motif", en: "reason" }
    BANNED { fr: "suspendu, encore {time}", en: "banned, {time} left" }
    OVER { fr: "terminé, encore en mémoire", en: "over, still remembered" }
    FREED { fr: "{key} est libéré.", en: "{key} is free." }
    NOT_THERE {
        fr: "{key} n'est pas suspendu. Pour voir qui l'est : cargo lab jail list",
        en: "{key} is not banned. To see who is: cargo lab jail list",
    }
    NO_KEY {
        fr: "{key} n'est ni une adresse (203.0.113.9, 2001:db8::1) ni un compte (user:IDENTIFIANT).",
        en: "{key} is neither an address (203.0.113.9, 2001:db8::1) nor a user (user:ID).",
    }
    UNEXPECTED { fr: "réponse inattendue de {url} ({status})", en: "unexpected answer of {url} ({status})" }
    FAILED_LOGIN { fr: "échecs de connexion", en: "failed logins" }
    UNAUTHENTICATED { fr: "jetons absents ou refusés", en: "tokens missing or refused" }
    FORBIDDEN { fr: "droits insuffisants", en: "insufficient rights" }
    NOT_FOUND { fr: "chemins ou objets inconnus", en: "unknown paths or things" }
    LIMITED { fr: "trop de requêtes", en: "too many requests" }
    BURST { fr: "rafales sur une route coûteuse", en: "bursts on a costly route" }
    WALK { fr: "parcours de tous les objets", en: "a walk through everything" }
}
