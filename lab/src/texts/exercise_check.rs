//! What `check`, `watch` and `attack` say.

super::texts! {
    BUILDING { fr: "Compilation de votre code…", en: "Building your code…" }
    DOES_NOT_COMPILE {
        fr: "Votre code ne compile pas encore. Le compilateur (en anglais) dit où, et souvent quoi faire :",
        en: "Your code does not compile yet. The compiler says where, and often what to do:",
    }
    ERRORS_ELSEWHERE {
        fr: "Aucune de ces erreurs n'est dans un fichier du TP ({files}). Si vous n'avez rien changé ailleurs : cargo lab reset {lab}",
        en: "None of these errors is in a file of the lab ({files}). If you changed nothing elsewhere: cargo lab reset {lab}",
    }
    CARGO_SAID { fr: "La compilation n'a pas pu se faire :\n{said}", en: "The build could not be made:\n{said}" }
    NO_PLACE { fr: "(sans emplacement)", en: "(no place)" }
    NOT_RECORDED {
        fr: "Vous n'avez pas commencé ce TP ici : le code présent est jugé, et rien n'est noté. Pour commencer : cargo lab start {lab}",
        en: "You have not begun this lab here: the code that is there is judged, and nothing is written down. To begin: cargo lab start {lab}",
    }
    CHECKING { fr: "TP {lab}, {title} : {of} critères.", en: "Lab {lab}, {title}: {of} criteria." }
    MARK_MET { fr: "ok", en: "ok" }
    MARK_NOT_MET { fr: "NON", en: "NO" }
    SENT { fr: "envoyé", en: "sent" }
    TIMES { fr: "(le dernier de {times} envois)", en: "(the last of {times} times)" }
    EXPECTED { fr: "attendu", en: "expected" }
    CAME { fr: "reçu", en: "got" }
    NOTE { fr: "à savoir", en: "note" }
    STOPPED { fr: "La vérification s'arrête ici :", en: "The check stops here:" }
    PANICKED {
        fr: "votre code a paniqué (le programme s'est interrompu lui-même) à {place} : {text}",
        en: "your code panicked (the program broke off by itself) at {place}: {text}",
    }
    NOT_STARTED {
        fr: "{program} ne démarre pas avec votre code. Il a dit : {said}",
        en: "{program} does not start with your code. It said: {said}",
    }
    WENT_AWAY {
        fr: "{program} s'est arrêté ou ne répond plus, en pleine vérification. Il a dit : {said}",
        en: "{program} ended or no longer answers, in the middle of the check. It said: {said}",
    }
    STUCK_CALL {
        fr: "pas de réponse au bout de {seconds} s : une boucle sans fin, un verrou jamais rendu ? Envoyé : {sent}",
        en: "no answer after {seconds} s: an endless loop, a lock that is never given back? Sent: {sent}",
    }
    TOO_LONG {
        fr: "pas de fin au bout de {seconds} s : une boucle ou une attente sans issue ?",
        en: "no end after {seconds} s: a loop, or a wait for nothing?",
    }
    BROKEN {
        fr: "la vérification elle-même n'a pas pu se faire ; votre code n'y est pour rien. {fault}",
        en: "the check itself could not be made; your code is not to blame. {fault}",
    }
    SAID_NOTHING { fr: "(rien)", en: "(nothing)" }
    NOT_JUDGED {
        fr: "Critères qui n'ont pas été jugés : {count} sur {of}.",
        en: "Criteria that were not judged: {count} of {of}.",
    }
    COUNT { fr: "{passed} sur {of} en {seconds} s.", en: "{passed} of {of} in {seconds} s." }
    ALL_MET {
        fr: "Tout est rempli : {of} critères sur {of}, en {seconds} s. La défense tient.",
        en: "All is met: {of} criteria of {of}, in {seconds} s. The defence holds.",
    }
    ALSO_DIFF {
        fr: "Votre code à côté de celui de référence : cargo lab diff {lab}",
        en: "Your code beside the reference: cargo lab diff {lab}",
    }
    STUCK { fr: "Bloqué ? cargo lab hint {lab}", en: "Stuck? cargo lab hint {lab}" }
    WATCHING {
        fr: "J'attends le prochain enregistrement de {files}. Ctrl-C arrête.",
        en: "Waiting for the next save of {files}. Ctrl-C stops.",
    }
    NO_ATTACK { fr: "Ce TP n'a pas d'attaque.", en: "This lab has no attack." }
    ATTACKING { fr: "Attaque de votre propre plateforme (TP {lab}, {title}).", en: "Attacking your own platform (lab {lab}, {title})." }
    ATTACK_SUCCEEDED { fr: "L'ATTAQUE A RÉUSSI", en: "THE ATTACK SUCCEEDED" }
    ATTACK_REPELLED { fr: "L'ATTAQUE A ÉCHOUÉ", en: "THE ATTACK FAILED" }
    SUCCEEDED_FIRST {
        fr: "C'est attendu tant que la défense n'est pas écrite (code de fin 0).",
        en: "This is as it should be as long as the defence is not written (exit code 0).",
    }
    SUCCEEDED_STILL {
        fr: "Or tous les critères étaient remplis : la défense a changé depuis. Reprenez : cargo lab check {lab}",
        en: "Yet all criteria were met: the defence has changed since. Look again: cargo lab check {lab}",
    }
    REPELLED_GOOD {
        fr: "La défense tient : c'est le but (code de fin 1, car l'attaque n'a rien obtenu).",
        en: "The defence holds: that is the aim (exit code 1, as the attack got nothing).",
    }
    REPELLED_EARLY {
        fr: "L'attaque n'a rien obtenu (code de fin 1). Mais tout refuser n'est pas défendre : cargo lab check {lab} dit si le trafic valable passe.",
        en: "The attack got nothing (exit code 1). But refusing everything is no defence: cargo lab check {lab} tells whether valid traffic passes.",
    }
    ATTACK_NOT_TRIED { fr: "L'attaque n'a pas pu être tentée : {why}", en: "The attack could not be tried: {why}" }
}
