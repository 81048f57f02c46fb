"""The app: `streamlit run app.py`, or `kpss-geo app`.

Streamlit reads this file twice: the server imports it to find `app`, and runs it as the
script of every visitor. The pages are imported only in the second case, because map
components register themselves with a server that is already there.
"""

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

if get_script_run_ctx(suppress_warning=True) is not None:
    from kpss_geo import pages

    pages.show()
else:
    from kpss_geo import serve

    app = st.App(__file__, routes=list(serve.ROUTES), middleware=list(serve.MIDDLEWARE))
