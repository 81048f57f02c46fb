"""One page of the app run without a browser, and what stands on it."""

from streamlit.testing.v1 import AppTest


def _show(name):
    import importlib

    importlib.import_module(f"kpss_geo.pages.{name}").show()


def open_page(name: str, **params: str) -> AppTest:
    """Run a page, named as its module, at an address with these parameters."""
    app = AppTest.from_function(_show, args=(name,), default_timeout=180)
    for key, value in params.items():
        app.query_params[key] = value
    return app.run()


def html_of(app: AppTest) -> str:
    """Give all HTML that the page has written."""
    return "".join(str(element.proto.body) for element in app.get("html"))


def choose(app: AppTest, label: str, value: object) -> AppTest:
    """Choose a value in the select box with a label."""
    return next(box for box in app.selectbox if box.label == label).set_value(value).run()
