//! Lists that come in pages, as async iterators.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::Rc,
};

use js_sys::{Array, Promise};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

use super::{
    chat_models,
    object::{self, Plain},
    promise::{promise, resolved},
};
use crate::rest::{RestClient, RestRequest};

/// The items of one page, and where the next one is.
pub(crate) type Page = (Vec<JsValue>, Option<String>);

/// A list on the server.
pub(crate) struct PagedList {
    pub(crate) rest: Rc<RestClient>,
    /// The request for the first page; the argument is the page size that `byPage` was given.
    pub(crate) first: Box<dyn Fn(Option<u32>) -> RestRequest>,
    /// Turns an item of the answer into what applications get.
    pub(crate) to_js: fn(&JsValue) -> JsValue,
    pub(crate) abort_signal: Option<JsValue>,
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
            pages: PageIterator::new(Rc::clone(&list), None),
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

    /// The same list from its start, as pages.
    #[wasm_bindgen(js_name = byPage, skip_typescript)]
    pub fn by_page(&self, settings: &JsValue) -> PagedAsyncIterableIteratorPages {
        let size = object::get(settings, "maxPageSize").and_then(|size| page_size(&size));
        PagedAsyncIterableIteratorPages {
            pages: Rc::new(PageIterator::new(Rc::clone(&self.list), size)),
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
            Ok(result(
                page.map(|items| items.into_iter().collect::<Array>().into()),
            ))
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

/// A page size that an application asks for.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "`as` saturates; the server checks the range"
)]
pub(crate) fn page_size(value: &JsValue) -> Option<u32> {
    value.as_f64().map(|size| size as u32)
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
    size: Option<u32>,
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
    fn new(list: Rc<PagedList>, size: Option<u32>) -> Self {
        Self {
            list,
            size,
            next: RefCell::new(Next::First),
            turn: Turn::default(),
        }
    }

    async fn step(&self) -> Result<Option<Vec<JsValue>>, JsValue> {
        let next = self.next.replace(Next::Over);
        let rest = &self.list.rest;
        let answer = match next {
            Next::First => rest.send((self.list.first)(self.size)).await?,
            Next::Link(link) => rest.follow(&link, self.list.abort_signal.clone()).await?,
            Next::Over => return Ok(None),
        };
        let (items, link) = chat_models::page(&answer, self.list.to_js);
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
