// Après chaque réponse de la passerelle. / After each answer of the gateway.

if (pm.variables.replaceIn(pm.request.url.toString()).startsWith(pm.variables.get("gateway"))) {
    remember(pm.response);
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
