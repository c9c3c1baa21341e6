//! What `accounts` and `token` say.

super::texts! {
    NONE {
        fr: "Pas encore de comptes : ils sont créés par cargo lab up.",
        en: "No accounts yet: cargo lab up makes them.",
    }
    UNREADABLE {
        fr: "{path} ne peut pas être lu ({error}). Pour repartir à neuf : cargo lab up --fresh",
        en: "{path} cannot be read ({error}). To begin anew: cargo lab up --fresh",
    }
    COLUMN_PSEUDO { fr: "compte", en: "account" }
    COLUMN_ROLE { fr: "rôle", en: "role" }
    COLUMN_PASSWORD { fr: "mot de passe", en: "password" }
    COLUMN_EMAIL { fr: "adresse électronique", en: "e-mail" }
    COLUMN_API_KEY { fr: "clé d'API (X-API-Key)", en: "API key (X-API-Key)" }
    COLUMN_CLIENT { fr: "application", en: "application" }
    COLUMN_SCOPES { fr: "droits (scopes)", en: "scopes" }
    COLUMN_SECRET { fr: "secret", en: "secret" }
    NO_SUCH_USER {
        fr: "{name} n'est pas un compte de démonstration. Il y a : {names}",
        en: "{name} is no demo account. There are: {names}",
    }
    NO_SUCH_CLIENT {
        fr: "{name} n'est pas une application de démonstration. Il y a : {names}",
        en: "{name} is no demo application. There are: {names}",
    }
    NO_EXPIRED_TOKEN {
        fr: "Pas de jeton expiré : {reason}",
        en: "No expired token: {reason}",
    }
    TOKEN_REFUSED {
        fr: "Jeton refusé ({status}) : {answer}",
        en: "Token refused ({status}): {answer}",
    }
}
