//! What the document is made of: the services' descriptions, and the gateway's route table.

use std::collections::BTreeMap;
use std::sync::Arc;

use anyhow::{Context, anyhow};
use gateway::route_table::{BUILT_IN, Route, RouteTable, Written, WrittenRow};
use serde_json::{Map, Value};

use crate::{bodies, gateway_answers};

/// An upstream, and what `METHOD /path` it is asked for there.
pub type Key = (String, String);

pub struct Sources {
    pub written: Written,
    table: RouteTable,
    operations: BTreeMap<Key, Value>,
    /// Bodies by name, of all services together.
    pub schemas: Map<String, Value>,
}

impl Sources {
    /// # Errors
    /// Two services describe two bodies under one name.
    pub fn read() -> anyhow::Result<Self> {
        let table = RouteTable::read(BUILT_IN).map_err(|faults| anyhow!("{faults:?}"))?;
        let written = Written::read(BUILT_IN).context("the route table")?;
        let mut sources = Self {
            written,
            table,
            operations: BTreeMap::new(),
            schemas: Map::new(),
        };
        for (upstream, api) in [
            ("auth", auth_service::api()),
            ("catalog", catalog_service::api()),
            ("booking", booking_service::api()),
            ("payment", payment_service::api()),
        ] {
            sources.add(upstream, serde_json::to_value(api)?)?;
        }
        sources.add("gateway", gateway_answers::api())?;
        sources.add("", serde_json::to_value(service_kit::error::render::api())?)?;
        Ok(sources)
    }

    pub fn route(&self, name: &str) -> anyhow::Result<&Arc<Route>> {
        let mut routes = self.table.routes().iter();
        let found = routes.find(|route| &*route.name == name);
        found.with_context(|| format!("no route is named {name}"))
    }

    /// How the upstream of a route describes it, and the key under which it does.
    pub fn operation(&self, row: &WrittenRow, method: &str) -> anyhow::Result<(&Value, Key)> {
        let path = match row.text("upstream_path") {
            "" => row.text("path"),
            path => path,
        };
        let key = (row.text("upstream").to_owned(), format!("{method} {path}"));
        let found = self.operations.get(&key);
        let found = found.with_context(|| format!("{key:?} is not described: see its api.rs"))?;
        Ok((found, key))
    }

    pub fn keys(&self) -> impl Iterator<Item = &Key> {
        self.operations.keys()
    }

    fn add(&mut self, upstream: &str, mut api: Value) -> anyhow::Result<()> {
        bodies::name_pages(&mut api);
        for (path, item) in api["paths"].as_object().into_iter().flatten() {
            for (method, operation) in item.as_object().into_iter().flatten() {
                let key = (
                    upstream.to_owned(),
                    format!("{} {path}", method.to_uppercase()),
                );
                self.operations.insert(key, operation.clone());
            }
        }
        for (name, schema) in api["components"]["schemas"]
            .as_object()
            .into_iter()
            .flatten()
        {
            let mut schema = schema.clone();
            without_comments(&mut schema);
            let before = self.schemas.insert(name.clone(), schema.clone());
            if before.is_some_and(|before| before != schema) {
                return Err(anyhow!("two different bodies are named {name}"));
            }
        }
        Ok(())
    }
}

/// The code's comments, which the macros take for descriptions, are for who reads the code.
fn without_comments(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            // A field of a body that is named so is an object here.
            fields.retain(|name, value| name != "description" || !value.is_string());
            fields.values_mut().for_each(without_comments);
        }
        Value::Array(items) => items.iter_mut().for_each(without_comments),
        _ => {}
    }
}
