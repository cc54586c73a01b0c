// The one action of a page.
ActionButton {}
