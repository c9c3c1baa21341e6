// Après chaque réponse de la passerelle. / After each answer of the gateway.

const url = pm.variables.replaceIn(pm.request.url.toString());
const fromGateway = url.startsWith(pm.variables.get("gateway"));

// Ce que RateLimit-Policy et RateLimit disent, pour la requête suivante. / What they say, for the next request.
function remember() {
    const all = JSON.parse(pm.collectionVariables.get("standing") || "{}");
    const policy = pm.response.headers.get("RateLimit-Policy") || "";
    const left = pm.response.headers.get("RateLimit") || "";
    for (const [, name, quota, window] of policy.matchAll(/"(\w+)";q=(\d+);w=(\d+)/g)) {
        const found = new RegExp('"' + name + '";r=(\\d+)').exec(left);
        if (found) all[name] = { quota: Number(quota), window: Number(window), left: Number(found[1]), at: Date.now() };
    }
    pm.collectionVariables.set("standing", JSON.stringify(all));
}

if (fromGateway) {
    remember();
    pm.test("R12, R17 : HSTS, nosniff, ni Server ni X-Powered-By / neither Server nor X-Powered-By", () => {
        pm.expect(pm.response.headers.get("Strict-Transport-Security")).to.include("max-age=");
        pm.expect(pm.response.headers.get("X-Content-Type-Options")).to.eql("nosniff");
        pm.expect(pm.response.headers.has("Server")).to.eql(false);
        pm.expect(pm.response.headers.has("X-Powered-By")).to.eql(false);
    });
    if ((pm.response.headers.get("Content-Type") || "").startsWith("application/problem+json")) {
        pm.test("L5, RFC 9457 : le corps de tous les refus / the body of all refusals", () => {
            const body = pm.response.json();
            pm.expect(body.success).to.eql(false);
            pm.expect(body.status).to.eql(pm.response.code);
            pm.expect(body.error).to.be.a("string").and.not.empty;
            pm.expect(body.code).to.match(/^[a-z0-9_]+$/);
            pm.expect(body.requestId).to.match(/^[0-9a-f-]{36}$/);
        });
    }
}
