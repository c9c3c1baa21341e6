//! What `demo` says.

super::texts! {
    INTRODUCTION {
        fr: "Un parcours entier contre {url}. Chaque commande peut être collée dans un terminal (sh).",
        en: "A whole journey against {url}. Each command can be pasted into a terminal (sh).",
    }
    REGISTER { fr: "Créer un compte", en: "Register an account" }
    LOGIN { fr: "Se connecter", en: "Log in" }
    SEARCH { fr: "Chercher une visite", en: "Search for a tour" }
    BOOK { fr: "Réserver", en: "Book it" }
    PAY { fr: "Payer", en: "Pay for it" }
    CONFIRMED { fr: "Vérifier que la réservation est confirmée", en: "See that the booking is confirmed" }
    KEEP_TOKEN {
        fr: "Garder le jeton d'accès pour la suite :",
        en: "Keep the access token for what follows:",
    }
    UNEXPECTED {
        fr: "Étape {number}, « {title} » : la réponse n'est pas celle attendue ({why}).",
        en: "Step {number}, \"{title}\": not the expected answer ({why}).",
    }
    WHY_STATUS { fr: "état {status} au lieu de {expected}", en: "status {status} instead of {expected}" }
    WHY_FIELD { fr: "il manque {field}", en: "{field} is missing" }
    WHY_VALUE { fr: "{field} vaut {value} au lieu de {expected}", en: "{field} is {value} instead of {expected}" }
    DONE {
        fr: "Le parcours a réussi : compte créé, visite réservée, payée, confirmée.",
        en: "The journey worked: account made, tour booked, paid for, confirmed.",
    }
}
