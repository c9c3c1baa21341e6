// Avant chaque requête. / Before each request.
//
// 1. Un client poli : il lit RateLimit et attend plutôt que de se faire refuser. La collection entière peut donc être lancée
//    d'un coup, deux fois de suite, sans changer aucune limite.
//    A polite client: it reads RateLimit and waits rather than being refused. So the whole collection can be run at once,
//    twice in a row, with no limit changed.
// 2. Le jeton d'alice, bob ou gina est demandé s'il manque ou s'il va expirer : chaque requête peut être envoyée seule.
//    The token of alice, bob or gina is asked for where it is missing or about to expire: each request can be sent alone.

const gateway = pm.variables.get("gateway");
const url = pm.variables.replaceIn(pm.request.url.toString());

// De l'avance pour les scripts qui envoient eux-mêmes. / Some to spare for scripts that send by themselves.
const WANTED = { address: 20, login: 1, search: 1 };

function standing() {
    return JSON.parse(pm.collectionVariables.get("standing") || "{}");
}

function waitFor(name) {
    const known = standing()[name];
    if (!known) return 0;
    const each = (known.window / known.quota) * 1000;
    const left = known.left + (Date.now() - known.at) / each;
    return Math.max(0, Math.ceil((WANTED[name] - left) * each));
}

function polite(address, then) {
    const names = ["address"];
    if (/\/auth\/(login|register)$|\/oauth\/token$/.test(address)) names.push("login");
    if (/\/api\/tours\/search(\?|$)/.test(address)) names.push("search");
    const milliseconds = Math.max(...names.map(waitFor));
    if (milliseconds > 0) setTimeout(then, milliseconds);
    else then();
}

function lives(token) {
    if (!token) return false;
    const claims = JSON.parse(Buffer.from(token.split(".")[1], "base64").toString());
    return claims.exp * 1000 > Date.now() + 30000;
}

function logIn(pseudo, then) {
    const asked = {
        url: gateway + "/auth/login",
        method: "POST",
        header: { "Content-Type": "application/json" },
        body: { mode: "raw", raw: JSON.stringify({ pseudo, password: pm.variables.get(pseudo + "Password") }) },
    };
    polite(asked.url, () => pm.sendRequest(asked, (error, answer) => {
        if (!error && answer.code === 200) pm.collectionVariables.set(pseudo + "Token", answer.json().access_token);
        const all = standing();
        if (all.login) pm.collectionVariables.set("standing", JSON.stringify({ ...all, login: { ...all.login, left: all.login.left - 1 } }));
        then();
    }));
}

function whose() {
    const bearer = pm.request.auth && pm.request.auth.type === "bearer" ? pm.request.auth.parameters().get("token") : "";
    const found = /^\{\{(alice|bob|gina)Token\}\}$/.exec(bearer || "");
    return found && found[1];
}

if (url.startsWith(gateway)) {
    const pseudo = whose();
    const send = () => polite(url, () => {});
    if (pseudo && !lives(pm.collectionVariables.get(pseudo + "Token"))) logIn(pseudo, send);
    else send();
}
