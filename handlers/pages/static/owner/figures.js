// Draws each chart from the table beside it, which stays for whoever doesn't see charts.
const ROOT = getComputedStyle(document.documentElement);
const colour = (name) => ROOT.getPropertyValue(name).trim();
const STROKES = [
  { stroke: colour("--accent"), dash: [] },
  { stroke: colour("--info"), dash: [7, 4] },
  { stroke: colour("--warn"), dash: [2, 4] },
];
const HEIGHT = 220;
const NARROW = 420;
// Nobody comes half a time.
const WHOLE = [...Array(9).keys()].flatMap((n) => [1, 2, 5].map((step) => step * 10 ** n));

function read(table, count) {
  const rows = [...table.tBodies[0].rows];
  const names = [...table.tHead.rows[0].cells].slice(1, count + 1).map((cell) => cell.textContent);
  const value = (cell) => (cell.dataset.v === undefined ? null : Number(cell.dataset.v));
  return {
    steps: rows.map((row) => row.cells[0].textContent),
    names,
    values: names.map((_, n) => rows.map((row) => value(row.cells[n + 1]))),
    texts: names.map((_, n) => rows.map((row) => row.cells[n + 1].textContent)),
  };
}

function drawn(place) {
  const data = read(document.getElementById(place.dataset.table), Number(place.dataset.series));
  const readout = document.createElement("p");
  readout.className = "readout";
  // The table says the same.
  place.setAttribute("aria-hidden", "true");
  place.hidden = false;
  const said = (at) => data.names.map((name, n) => `${name} ${data.texts[n][at]}`).join("　");
  const isWhole = data.values.flat().every((value) => Number.isInteger(value ?? 0));
  const isBars = "bars" in place.dataset;
  const axis = { stroke: colour("--muted"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false } };
  const plot = new uPlot(
    {
      width: place.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      cursor: { y: false, drag: { x: false, y: false } },
      scales: {
        x: { time: false, range: (_, low, high) => [low - 0.6, high + 0.6] },
        y: { range: (_, low, high) => [Math.min(0, low ?? 0), (high || 1) * 1.08] },
      },
      axes: [
        {
          ...axis,
          size: 30,
          grid: { show: false },
          splits: (self) => {
            const room = Math.max(1, Math.ceil(data.steps.length / (self.width < NARROW ? 3 : 7)));
            return data.steps.map((_, n) => n).filter((n) => n % room === 0);
          },
          values: (_, splits) => splits.map((n) => data.steps[n] ?? ""),
        },
        { ...axis, size: 64, incrs: isWhole ? WHOLE : undefined, values: (_, splits) => splits.map((v) => (v === null ? "" : v.toLocaleString())) },
      ],
      series: [
        {},
        ...data.values.map((_, n) => ({
          ...STROKES[n % STROKES.length],
          width: 2,
          fill: isBars ? colour("--accent") : undefined,
          paths: isBars ? uPlot.paths.bars({ size: [0.7, 48] }) : undefined,
          points: { show: !isBars && data.steps.length <= 12 },
        })),
      ],
      hooks: {
        setCursor: [
          (self) => {
            const at = self.cursor.idx;
            readout.textContent = at === null || at === undefined ? "" : `${data.steps[at]}　${said(at)}`;
          },
        ],
      },
    },
    [data.steps.map((_, n) => n), ...data.values],
    place,
  );
  place.append(readout);
  new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height: HEIGHT })).observe(place);
}

for (const place of document.querySelectorAll(".plot[data-table]")) drawn(place);
