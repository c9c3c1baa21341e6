// Ce que les réponses disent des limites, gardé dans la variable « standing ».
// What answers say of the limits, kept in the variable "standing".

function standing() {
    return JSON.parse(pm.collectionVariables.get("standing") || "{}");
}

// RateLimit-Policy: "search";q=10;w=60 et / and RateLimit: "search";r=9;t=6
function remember(answer) {
    const all = standing();
    const policy = answer.headers.get("RateLimit-Policy") || "";
    const standings = answer.headers.get("RateLimit") || "";
    for (const [, name, quota, window] of policy.matchAll(/"(\w+)";q=(\d+);w=(\d+)/g)) {
        const found = new RegExp('"' + name + '";r=(\\d+)').exec(standings);
        if (found) all[name] = { quota: Number(quota), window: Number(window), left: Number(found[1]), at: Date.now() };
    }
    pm.collectionVariables.set("standing", JSON.stringify(all));
}
