//! Lists that come in pages, as async iterators.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::Rc,
};

use js_sys::Promise;
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use super::{
    chat_models,
    local_data::LocalData,
    object::{self, Plain},
    promise::{promise, resolved},
};
use crate::rest::{RestClient, RestRequest};

/// The items of one page, and where the next one is.
pub(crate) type Page = (Vec<JsValue>, Option<String>);

/// Parameters of a request, and their values.
pub(crate) type Filters = Vec<(&'static str, Option<String>)>;

/// A list on the server.
pub(crate) struct PagedList {
    pub(crate) rest: Rc<RestClient>,
    pub(crate) path: String,
    /// Parameters of this list, where they are asked for.
    pub(crate) filters: Filters,
    /// Turns an item of the answer into what applications get.
    pub(crate) to_js: fn(&JsValue) -> JsValue,
    /// Where the pages are kept: of a thread's messages.
    pub(crate) cache: Option<(Rc<LocalData>, String)>,
    /// What the application asks for, `maxPageSize` among it.
    pub(crate) options: JsValue,
}

impl PagedList {
    /// Keeps a page, if it is one of a list that is kept.
    fn keep(&self, items: &[JsValue], first: bool, last: bool, live: bool) {
        if let Some((local, thread_id)) = &self.cache {
            let page = Plain::new()
                .with("messages", object::array(items.iter().cloned()))
                .with("first", first)
                .with(
                    "last",
                    last && self.filters.iter().all(|(_, value)| value.is_none()),
                )
                .with("live", live);
            local.tell("page", &[thread_id.into(), page.build()]);
        }
    }

    /// Gives up what is kept of a thread that is gone, or that the user was removed from.
    fn forget(&self, error: &JsValue) {
        let status = object::get(error, "statusCode").and_then(|status| status.as_f64());
        if let Some((local, thread_id)) = &self.cache
            && (status == Some(403.0) || status == Some(404.0))
        {
            local.tell("gone", &[thread_id.into()]);
        }
    }

    /// The request for the first page.
    fn first(&self, size: Option<JsValue>) -> RestRequest {
        let size = size.or_else(|| object::get(&self.options, "maxPageSize"));
        let mut request = RestRequest::new("GET", self.path.clone(), &self.options)
            .query("maxPageSize", size.as_ref().and_then(count));
        for (name, value) in &self.filters {
            request = request.query(name, value.clone());
        }
        request
    }
}

/// The items of a list, fetched page by page as they are needed.
#[wasm_bindgen(skip_typescript)]
pub struct PagedAsyncIterableIterator {
    list: Rc<PagedList>,
    items: Rc<ItemIterator>,
}

#[wasm_bindgen]
impl PagedAsyncIterableIterator {
    pub(crate) fn new(list: PagedList) -> Self {
        let list = Rc::new(list);
        let items = ItemIterator {
            pages: PageIterator::new(Rc::clone(&list), &JsValue::UNDEFINED),
            items: RefCell::default(),
        };
        Self {
            list,
            items: Rc::new(items),
        }
    }

    /// The next item.
    #[wasm_bindgen(skip_typescript)]
    pub fn next(&self) -> Promise {
        let items = Rc::clone(&self.items);
        self.items.pages.turn.take_turn(async move { items.step().await })
    }

    /// Itself: it is both iterable and iterator.
    #[wasm_bindgen(js_name = "[Symbol.asyncIterator]", skip_typescript)]
    pub fn async_iterator(&self) -> Self {
        Self {
            list: Rc::clone(&self.list),
            items: Rc::clone(&self.items),
        }
    }

    /// The same list from its start, or from a continuation token, as pages.
    #[wasm_bindgen(js_name = byPage, skip_typescript)]
    pub fn by_page(&self, settings: &JsValue) -> PagedAsyncIterableIteratorPages {
        PagedAsyncIterableIteratorPages {
            pages: Rc::new(PageIterator::new(Rc::clone(&self.list), settings)),
        }
    }
}

/// The pages of a list.
#[wasm_bindgen(skip_typescript)]
pub struct PagedAsyncIterableIteratorPages {
    pages: Rc<PageIterator>,
}

#[wasm_bindgen]
impl PagedAsyncIterableIteratorPages {
    /// The next page.
    #[wasm_bindgen(skip_typescript)]
    pub fn next(&self) -> Promise {
        let pages = Rc::clone(&self.pages);
        self.pages.turn.take_turn(async move {
            let page = pages.step().await?;
            Ok(result(page.map(|items| {
                let page = object::array(items);
                if let Next::Link(link) = &*pages.next.borrow() {
                    object::set(&page, "continuationToken", &link.into());
                }
                page
            })))
        })
    }

    /// Itself: it is both iterable and iterator.
    #[wasm_bindgen(js_name = "[Symbol.asyncIterator]", skip_typescript)]
    pub fn async_iterator(&self) -> Self {
        Self {
            pages: Rc::clone(&self.pages),
        }
    }
}

/// A number that an application asks for, as text.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates; the server checks the range"
)]
pub(crate) fn count(value: &JsValue) -> Option<String> {
    value.as_f64().map(|count| (count as u32).to_string())
}

struct ItemIterator {
    pages: PageIterator,
    items: RefCell<VecDeque<JsValue>>,
}

impl ItemIterator {
    async fn step(&self) -> Result<JsValue, JsValue> {
        loop {
            let item = self.items.borrow_mut().pop_front();
            if let Some(item) = item {
                return Ok(result(Some(item)));
            }
            match self.pages.step().await? {
                Some(page) => self.items.borrow_mut().extend(page),
                None => return Ok(result(None)),
            }
        }
    }
}

struct PageIterator {
    list: Rc<PagedList>,
    size: Option<JsValue>,
    next: RefCell<Next>,
    turn: Turn,
}

enum Next {
    First,
    Link(String),
    /// The last page was read, or one could not be: as a generator, it is over then.
    Over,
}

impl PageIterator {
    /// `settings` are those of `byPage`.
    fn new(list: Rc<PagedList>, settings: &JsValue) -> Self {
        let next = object::get_string(settings, "continuationToken").map_or(Next::First, Next::Link);
        Self {
            list,
            size: object::get(settings, "maxPageSize"),
            next: RefCell::new(next),
            turn: Turn::default(),
        }
    }

    async fn step(&self) -> Result<Option<Vec<JsValue>>, JsValue> {
        let next = self.next.replace(Next::Over);
        let rest = &self.list.rest;
        let live = self.list.cache.as_ref().is_some_and(|(local, _)| local.live());
        let first = matches!(next, Next::First);
        let answer = match next {
            Next::First => rest.send(self.list.first(self.size.clone())).await,
            Next::Link(link) => rest.follow(&link, &self.list.options).await,
            Next::Over => return Ok(None),
        };
        let answer = answer.inspect_err(|error| self.list.forget(error))?;
        let (items, link) = chat_models::page(&answer, self.list.to_js);
        self.list.keep(&items, first, link.is_none(), live);
        self.next.replace(link.map_or(Next::Over, Next::Link));
        Ok(Some(items))
    }
}

/// Runs concurrent calls of `next` one after the other.
#[derive(Default)]
struct Turn {
    last: Cell<Option<Promise>>,
}

impl Turn {
    fn take_turn(&self, step: impl Future<Output = Result<JsValue, JsValue>> + 'static) -> Promise {
        let before = self.last.take();
        let promise = promise(async move {
            if let Some(before) = before {
                // Its failure is its caller's business.
                drop(resolved(&before).await);
            }
            step.await
        });
        self.last.set(Some(promise.clone()));
        promise
    }
}

fn result(value: Option<JsValue>) -> JsValue {
    let done = value.is_none();
    let result = Plain::new().with("done", done).build();
    // Present even where it is undefined, as the language has it.
    drop(js_sys::Reflect::set(
        &result,
        &"value".into(),
        &value.unwrap_or(JsValue::UNDEFINED),
    ));
    result
}
