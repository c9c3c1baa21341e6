//! What is refused and why, in both languages. The log has its own text ([`PathFault`]'s), in English.

use service_kit::error::{Code, Language};

use crate::canonical::PathFault;

pub(super) fn path_fault(fault: PathFault, language: Language) -> &'static str {
    match fault {
        PathFault::NotAbsolute => language.pick(
            "le chemin ne commence pas par une barre oblique",
            "the path does not begin with a slash",
        ),
        PathFault::EmptySegment => language.pick(
            "le chemin a un segment vide, ou finit par une barre oblique",
            "the path has an empty segment, or ends in a slash",
        ),
        PathFault::DotSegment => language.pick(
            "le chemin a un segment « . » ou « .. »",
            "the path has a segment \".\" or \"..\"",
        ),
        PathFault::Forbidden => language.pick(
            "le chemin contient un caractère qui n'a rien à y faire tel quel",
            "the path holds a character that must not stand in it as it is",
        ),
        PathFault::BrokenEscape => language.pick(
            "un signe % n'est pas suivi de deux chiffres hexadécimaux",
            "a percent sign is not followed by two hexadecimal digits",
        ),
        PathFault::NeedlessEscape => language.pick(
            "un octet est encodé alors qu'il peut s'écrire tel quel, ou qu'il est dangereux (%2e, %2f, %5c, %25, %00)",
            "an octet is encoded that can stand for itself, or that is dangerous (%2e, %2f, %5c, %25, %00)",
        ),
        PathFault::NotText => language.pick(
            "une fois décodé, le chemin n'est pas un texte UTF-8 sans caractère de contrôle",
            "decoded, the path is not UTF-8 text without control characters",
        ),
    }
}

/// `404 route_not_found : Route inconnue`
pub(super) fn refusal(code: Code, language: Language) -> String {
    let colon = language.pick(" :", ":");
    let (status, name) = (code.status().as_u16(), code.as_str());
    format!("{status} {name}{colon} {}", code.message(language))
}
