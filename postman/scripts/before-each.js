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

// Les routes des limites strictes, et une question à rien qui fait dire ce qu'il en reste.
// The routes of the strict limits, and a question about nothing that makes them say what is left.
const json = { "Content-Type": "application/json" };
const STRICT = {
    login: {
        routes: /\/auth\/(login|register)(\?|$)|\/oauth\/token$/,
        question: { url: gateway + "/auth/login", method: "POST", header: json, body: { mode: "raw", raw: "{}" } },
    },
    search: { routes: /\/api\/tours\/search(\?|$)/, question: { url: gateway + "/api/tours/search" } },
};

function waitFor(name) {
    const known = standing()[name];
    if (!known) return 0;
    const each = (known.window / known.quota) * 1000;
    const left = known.left + (Date.now() - known.at) / each;
    return Math.max(0, Math.ceil((WANTED[name] - left) * each));
}

function learn(name, then) {
    if (!name || standing()[name]) return then();
    pm.sendRequest(STRICT[name].question, (error, answer) => {
        if (!error) remember(answer);
        then();
    });
}

function polite(address, then) {
    const strict = Object.keys(STRICT).find((name) => STRICT[name].routes.test(address));
    learn(strict, () => {
        const milliseconds = Math.max(waitFor("address"), strict ? waitFor(strict) : 0);
        if (milliseconds > 0) setTimeout(then, milliseconds);
        else then();
    });
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
        header: json,
        body: { mode: "raw", raw: JSON.stringify({ pseudo, password: pm.variables.get(pseudo + "Password") }) },
    };
    polite(asked.url, () => pm.sendRequest(asked, (error, answer) => {
        if (!error) remember(answer);
        if (!error && answer.code === 200) pm.collectionVariables.set(pseudo + "Token", answer.json().access_token);
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
