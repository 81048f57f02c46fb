{% macro script(this, kwargs) %}
var {{ this.get_name() }} = L.geoJSON(null, {
    filter: f => !f.properties.outside, smoothFactor: 0.5,
    style: {color: "#5b6670", weight: 1, fillOpacity: 0.9, fillColor: "#eef1f4"},
    onEachFeature: (f, layer) => layer.bindTooltip("", {sticky: true})
});
window.kpssOutside = L.geoJSON(null, {
    filter: f => f.properties.outside, interactive: false,
    style: {color: "#b4bcc4", weight: 0.7, fillOpacity: 1, fillColor: "#f1f3f5"}
}).addTo({{ this._parent.get_name() }});
{{ this.get_name() }}.addTo({{ this._parent.get_name() }});
window.kpssPattern = function (colour, draw) {
    const c = document.createElement("canvas"); c.width = c.height = 8;
    const g = c.getContext("2d"); g.fillStyle = colour; g.fillRect(0, 0, 8, 8); draw(g);
    return g.createPattern(c, "repeat");
};
const hatch = g => { g.strokeStyle = "#0b4f8a"; g.lineWidth = 1.4; g.beginPath();
    g.moveTo(-2, 10); g.lineTo(10, -2); g.stroke(); };
const dots = g => { g.fillStyle = "#5b6670"; g.beginPath();
    g.arc(4, 4, 1.1, 0, 7); g.fill(); };
const colours = {{ this.colours }}, partly = {{ this.partly }};
const pattern = (verdict, colour) =>
    verdict === "on_paper" ? window.kpssPattern(colour, hatch)
    : verdict === "unknown" ? window.kpssPattern(colour, dots) : colour;
const fills = {};
for (const v in colours) {
    fills[v] = pattern(v, colours[v]); fills[v + "-partly"] = pattern(v, partly[v]);
}
const map = {{ this._parent.get_name() }};
L.control.scale({imperial: false}).addTo(map);
// The page scrolls over the map; Ctrl with the wheel, the buttons or two fingers zoom.
map.scrollWheelZoom.disable();
if (L.Browser.mobile) map.dragging.disable();
// A press must not scroll the page to the map: the click would land on another obec.
const frame = map.getContainer();
frame.focus = () => HTMLElement.prototype.focus.call(frame, {preventScroll: true});
frame.addEventListener("wheel", e => {
    if (!e.ctrlKey) return;
    e.preventDefault(); map.setZoom(map.getZoom() - Math.sign(e.deltaY) * 0.5);
}, {passive: false});
const whole = {{ this.bounds }};
const fit = () => map.fitBounds(whole, {padding: [8, 8], animate: false});
map.whenReady(() => { fit(); map.setMinZoom(map.getZoom() - 1.5); });
const home = L.control({position: "topleft"});
home.onAdd = () => {
    const bar = L.DomUtil.create("div", "leaflet-bar");
    const button = L.DomUtil.create("a", "", bar);
    button.href = "#"; button.role = "button"; button.textContent = "⤢";
    button.title = {{ this.home }}; button.setAttribute("aria-label", {{ this.home }});
    L.DomEvent.on(button, "click", e => { L.DomEvent.stop(e); fit(); });
    return bar;
};
home.addTo(map);
for (const [text, lat, lon] of {{ this.labels }}) {
    const span = document.createElement("span");
    span.className = "kpss-label"; span.textContent = text;
    L.marker([lat, lon], {interactive: false, keyboard: false,
        icon: L.divIcon({html: span, className: "kpss-label-box", iconSize: [0, 0]})
    }).addTo(map);
}
// Labels come most populous first; one that would lie over an earlier one is hidden.
const declutter = function () {
    const taken = [];
    document.querySelectorAll(".kpss-label").forEach(label => {
        label.style.visibility = "visible";
        const box = label.getBoundingClientRect();
        const clash = taken.some(t => box.left < t.right && box.right > t.left
            && box.top < t.bottom && box.bottom > t.top);
        if (clash) label.style.visibility = "hidden"; else taken.push(box);
    });
};
map.on("zoomend", () => setTimeout(declutter, 50)); map.whenReady(declutter);
window.kpssPaint = function () {
    const paint = window.kpssColours; if (!paint) return;
    {{ this.get_name() }}.eachLayer(layer => {
        const row = paint.obce[layer.feature.properties.code]; if (!row) return;
        const code = layer.feature.properties.code;
        const chosen = code === paint.selected || paint.marked.includes(code);
        layer.setStyle({fillColor: fills[row[0]] || "#ffffff",
            color: chosen ? "#111111" : "#5b6670", weight: chosen ? 4 : 1});
        layer.setTooltipContent(row[1]);
        if (chosen) layer.bringToFront();
    });
    map.eachLayer(l => { if (l instanceof L.CircleMarker) l.bringToFront(); });
};
fetch("{{ this.url }}").then(r => r.json()).then(d => {
    window.kpssOutside.addData(d); {{ this.get_name() }}.addData(d);
    window.kpssPaint(); declutter(); window.kpssReady = true;
});
{% endmacro %}
