//! What is said about a command line that cannot be understood (exit code 2).

super::texts! {
    UNKNOWN_ARGUMENT { fr: "option inconnue : {argument}", en: "unknown option: {argument}" }
    UNKNOWN_VERB { fr: "commande inconnue : {argument}", en: "unknown command: {argument}" }
    INVALID_VALUE {
        fr: "{argument} : valeur « {value} » refusée",
        en: "{argument}: value \"{value}\" refused",
    }
    MISSING { fr: "il manque : {argument}", en: "missing: {argument}" }
    MISSING_VERB { fr: "il manque une commande", en: "a command is missing" }
    CONFLICT { fr: "{argument} et {other} s'excluent", en: "{argument} and {other} exclude each other" }
    OTHER { fr: "ligne de commande incomprise", en: "the command line is not understood" }
    POSSIBLE { fr: "valeurs possibles : {values}", en: "possible values: {values}" }
    SUGGESTION { fr: "vouliez-vous dire {suggestion} ?", en: "did you mean {suggestion}?" }
    SEE_HELP { fr: "Aide : cargo lab {verb} --help", en: "Help: cargo lab {verb} --help" }
    PORT_SHAPE {
        fr: "attendu : SERVICE=PORT, par exemple gateway=8443",
        en: "expected: SERVICE=PORT, for example gateway=8443",
    }
    PORT_RANGE {
        fr: "le port doit être entre 1 et {highest} (l'adresse d'administration est {distance} plus haut)",
        en: "the port must be between 1 and {highest} (the admin address is {distance} above)",
    }
    PORT_TWICE {
        fr: "le port {port} servirait deux fois : {one} et {other}",
        en: "port {port} would be used twice: {one} and {other}",
    }
    HEADING_USAGE { fr: "Usage :", en: "Usage:" }
    HEADING_COMMANDS { fr: "Commandes :", en: "Commands:" }
    HEADING_OPTIONS { fr: "Options", en: "Options" }
    HEADING_ARGUMENTS { fr: "Arguments", en: "Arguments" }
}
