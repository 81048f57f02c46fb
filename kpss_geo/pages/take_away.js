(() => {
  const print = document.getElementById("kpss-print");
  const copy = document.getElementById("kpss-copy");
  const said = document.getElementById("kpss-copied");
  if (!print || !copy) return;
  print.onclick = () => window.print();
  // Without https a browser gives no clipboard: then the old way, by a selected text.
  const plainly = (text) => {
    const box = document.createElement("textarea");
    box.value = text;
    document.body.append(box);
    box.select();
    const done = document.execCommand("copy");
    box.remove();
    return done;
  };
  copy.onclick = async () => {
    const link = window.location.href;
    let done = false;
    try {
      await navigator.clipboard.writeText(link);
      done = true;
    } catch {
      done = plainly(link);
    }
    said.textContent = done ? copy.dataset.done : link;
  };
})();
