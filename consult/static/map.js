// A point on the map of the territory, chosen by click, tap or arrow keys and said in words; the form's fields hold it.
for (const picker of document.querySelectorAll("[data-map-picker]")) {
  const svg = picker.querySelector("svg"), mark = svg.querySelector("[data-point]"), towns = [...svg.querySelectorAll("[data-town]")];
  const said = picker.querySelector(".map-said"), clear = picker.querySelector("[data-map-clear]"), form = picker.closest("form");
  const named = picker.dataset.mapPicker; // one of several in a form says where its fields are
  const latitude = named ? document.getElementById(`${named}-latitude`) : form.elements.place_latitude;
  const longitude = named ? document.getElementById(`${named}-longitude`) : form.elements.place_longitude;
  const town = named ? document.getElementById(`${named}-town`) : form.elements.place_municipality;
  const { west, north, across, down } = Object.fromEntries(["west", "north", "across", "down"].map((name) => [name, Number(picker.dataset[name])]));
  const { width, height } = svg.viewBox.baseVal;
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const valueOf = (path) => ([...town.options].find((option) => option.dataset.town === path.dataset.town) || { value: path.dataset.town }).value;
  let place = null;

  const under = ([x, y]) => {
    const point = svg.createSVGPoint();
    [point.x, point.y] = [x, y];
    return towns.find((path) => path.isPointInFill(point) || path.isPointInStroke(point));
  };
  const show = () => {
    mark.toggleAttribute("hidden", !place);
    mark.classList.toggle("map-hidden", !place);
    clear.hidden = !place;
    if (!place) { said.textContent = picker.dataset.none; return; }
    mark.setAttribute("transform", `translate(${place[0]} ${place[1]})`);
    const found = under(place);
    said.textContent = found ? fill(picker.dataset.at, { town: found.dataset.name, latitude: latitude.value, longitude: longitude.value }) : picker.dataset.outside;
    said.classList.toggle("form-error", !found);
    for (const path of towns) path.classList.toggle("map-town-here", path === found);
    if (found && town.value !== valueOf(found)) town.value = valueOf(found);
  };
  const put = (x, y) => {
    place = [Math.min(width, Math.max(0, x)), Math.min(height, Math.max(0, y))];
    longitude.value = (west + place[0] / across).toFixed(5);
    latitude.value = (north - place[1] / down).toFixed(5);
    show();
    latitude.dispatchEvent(new Event("input", { bubbles: true })); // whoever keeps drafts hears of it
  };
  const remove = () => {
    place = null;
    latitude.value = longitude.value = "";
    for (const path of towns) path.classList.remove("map-town-here");
    said.classList.remove("form-error");
    show();
    latitude.dispatchEvent(new Event("input", { bubbles: true }));
  };

  svg.addEventListener("click", (event) => {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    put(at.x, at.y);
    svg.focus({ preventScroll: true });
  });
  const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  svg.addEventListener("keydown", (event) => {
    if (event.key === "Delete" || event.key === "Backspace") { event.preventDefault(); remove(); return; }
    const way = ways[event.key];
    if (!way || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const step = event.shiftKey ? 50 : 5;
    const [x, y] = place || [width / 2, height / 2];
    if (place) put(x + way[0] * step, y + way[1] * step); else put(x, y);
  });
  clear.addEventListener("click", () => { remove(); svg.focus(); });
  town.addEventListener("change", () => {
    const found = place && under(place);
    if (place && (!found || valueOf(found) !== town.value)) remove(); // another municipality: the point lies elsewhere
  });

  picker.hidden = false;
  if (latitude.value && longitude.value && isFinite(latitude.value) && isFinite(longitude.value)) {
    place = [(Number(longitude.value) - west) * across, (north - Number(latitude.value)) * down];
  }
  show();
}
