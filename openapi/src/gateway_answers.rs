//! What the gateway answers by itself, in the form in which services describe their routes.

use gateway::docs;
use serde_json::{Value, json};

pub fn api() -> Value {
    json!({
        "paths": {
            "/health": { "get": { "responses": { "200": {
                "content": { "application/json": {
                    "schema": { "$ref": "#/components/schemas/Health" },
                } },
            } } } },
            "/docs": { "get": {
                "parameters": [if_none_match()],
                "responses": {
                    "200": {
                        "headers": headers(),
                        "content": { "text/html": { "schema": { "type": "string" } } },
                    },
                    "304": { "headers": headers() },
                },
            } },
            "/docs/{file}": { "get": {
                "parameters": [
                    {
                        "name": "file",
                        "in": "path",
                        "required": true,
                        "schema": { "type": "string", "enum": docs::names() },
                    },
                    if_none_match(),
                ],
                "responses": {
                    "200": {
                        "headers": headers(),
                        "content": {
                            "application/json": { "schema": { "type": "object" } },
                            "text/css": { "schema": { "type": "string" } },
                            "text/javascript": { "schema": { "type": "string" } },
                            "text/plain": { "schema": { "type": "string" } },
                        },
                    },
                    "304": { "headers": headers() },
                    "404": { "description": "not_found" },
                },
            } },
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

fn if_none_match() -> Value {
    let schema = json!({ "type": "string" });
    json!({ "name": "If-None-Match", "in": "header", "required": false, "schema": schema })
}

fn headers() -> Value {
    let text = json!({ "schema": { "type": "string" } });
    json!({ "ETag": text, "Cache-Control": text })
}
