//! What the gateway answers by itself, in the form in which services describe their routes.

use serde_json::{Value, json};

pub fn api() -> Value {
    json!({
        "paths": {
            "/health": { "get": { "responses": { "200": {
                "description": "",
                "content": { "application/json": {
                    "schema": { "$ref": "#/components/schemas/Health" },
                } },
            } } } },
        },
        "components": { "schemas": {
            "Health": {
                "type": "object",
                "required": ["status", "service"],
                "properties": {
                    "status": { "const": "ok" },
                    "service": { "const": "gateway" },
                },
            },
        } },
    })
}
