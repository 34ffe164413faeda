//! Reads from a request who sends it. `request.cf` comes from the runtime alone: no client can set it.

use js_sys::Reflect;
use wasm_bindgen::{JsCast, JsValue};
use worker::Request;

use super::body::header;
use crate::config::Config;
use crate::sender::{AddressSources, Place, Sender, address};

pub(super) fn of(request: &Request, config: &Config) -> Sender {
    let cf = property(request.inner().unchecked_ref(), "cf");
    let text = |name: &str| {
        cf.as_ref()
            .and_then(|cf| property(cf, name))
            .and_then(|value| value.as_string())
    };
    let place = Place {
        country: text("country"),
        region: text("region"),
        colo: text("colo"),
        operator: text("asOrganization"),
    };
    let configured = config
        .client_address_header
        .as_deref()
        .map(|name| header(request, name).unwrap_or_default());
    let (connecting, peer) = (header(request, "cf-connecting-ip"), text("clientIp"));
    let address = address(AddressSources {
        configured: configured.as_deref(),
        cf_connecting_ip: connecting.as_deref(),
        is_on_platform: place.colo.is_some(),
        peer: peer.as_deref(),
    });
    Sender {
        address,
        origin: header(request, "origin"),
        agent: header(request, "user-agent"),
        names_languages: header(request, "accept-language").is_some_and(|list| !list.trim().is_empty()),
        has_token: false,
        is_server: false,
        says_gpc: header(request, "sec-gpc").is_some_and(|value| value.trim() == "1"),
        place,
        visitor: None,
    }
}

fn property(of: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(of, &JsValue::from_str(name))
        .ok()
        .filter(|value| !value.is_undefined() && !value.is_null())
}
