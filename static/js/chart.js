// Draws a chart from the table with the same numbers.
//
//   <figure class="chart" data-chart="outcome-mix" data-table="mix"> <div class="chart__canvas"> …
//   <table id="mix"> <thead> … <th data-series="missed">Missed</th>
//                    <tbody> <tr><th>27 Oct</th> <td data-value="12">12</td> …
//
// data-chart: "outcome-mix" (stacked shares of each row's sum) or "trend" (lines of shares 0 to 1,
// with data-low and data-high for the band). Without JavaScript the table stands alone.

const FILLS = {
  empathy_2: "--fill-empathy-2",
  empathy_1: "--fill-empathy-1",
  sympathy_only: "--fill-sympathy",
  missed: "--fill-missed",
  dismissed: "--fill-dismissed",
};

// The colour behind a token, resolved for the theme in force.
function colour(token) {
  const probe = document.createElement("span");
  probe.hidden = true;
  probe.style.color = `var(${token})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

function read(table) {
  const heads = [...table.tHead.rows[0].cells];
  const rows = [...table.tBodies[0].rows];
  const series = heads.flatMap((head, column) =>
    head.dataset.series
      ? [
          {
            key: head.dataset.series,
            name: head.textContent.trim(),
            cells: rows.map((row) => row.cells[column].dataset),
          },
        ]
      : [],
  );
  return { labels: rows.map((row) => row.cells[0].textContent.trim()), series };
}

const number = (text) => (text === undefined || text === "" ? null : Number(text));

function frame(labels) {
  const ink = colour("--ink-3");
  const text = { color: ink, fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 13 };
  return {
    animation: false,
    aria: { enabled: true },
    grid: { left: 44, right: 12, top: 10, bottom: 26 },
    tooltip: {
      trigger: "axis",
      renderMode: "richText",
      backgroundColor: colour("--surface"),
      borderColor: colour("--line"),
      textStyle: { ...text, color: colour("--ink") },
      axisPointer: { lineStyle: { color: colour("--line-strong") } },
      valueFormatter: (value) => (value === null ? "–" : `${Math.round(value)} %`),
    },
    xAxis: {
      type: "category",
      data: labels,
      boundaryGap: false,
      axisLine: { lineStyle: { color: colour("--line-strong") } },
      axisTick: { show: false },
      axisLabel: { ...text, hideOverlap: true, alignMinLabel: "left", alignMaxLabel: "right" },
    },
    yAxis: {
      type: "value",
      min: 0,
      max: 100,
      interval: 25,
      axisLabel: { ...text, formatter: "{value} %" },
      splitLine: { lineStyle: { color: colour("--line") } },
    },
  };
}

function outcomeMix({ labels, series }) {
  const sums = labels.map((_, row) =>
    series.reduce((sum, one) => sum + (number(one.cells[row].value) ?? 0), 0),
  );
  return {
    ...frame(labels),
    series: series.map((one) => ({
      name: one.name,
      type: "line",
      stack: "mix",
      symbol: "none",
      lineStyle: { width: 1, color: colour("--surface") },
      itemStyle: { color: colour(FILLS[one.key] ?? "--ink-3") },
      areaStyle: { color: colour(FILLS[one.key] ?? "--ink-3"), opacity: 1 },
      data: one.cells.map((cell, row) =>
        sums[row] ? (100 * (number(cell.value) ?? 0)) / sums[row] : null,
      ),
    })),
  };
}

function trend({ labels, series }) {
  const scale = (text) => (number(text) === null ? null : 100 * number(text));
  const band = (one) => [
    { low: true, data: one.cells.map((cell) => scale(cell.low)) },
    {
      low: false,
      data: one.cells.map((cell) =>
        scale(cell.low) === null ? null : scale(cell.high) - scale(cell.low),
      ),
    },
  ];
  const ink = colour("--ink-2");
  return {
    ...frame(labels),
    series: series.flatMap((one) => [
      ...band(one).map((part) => ({
        type: "line",
        stack: `band-${one.key}`,
        symbol: "none",
        silent: true,
        tooltip: { show: false },
        lineStyle: { opacity: 0 },
        areaStyle: { color: ink, opacity: part.low ? 0 : 0.14 },
        data: part.data,
      })),
      {
        name: one.name,
        type: "line",
        symbol: "circle",
        symbolSize: 5,
        lineStyle: { width: 2, color: colour(FILLS[one.key] ?? "--ink") },
        itemStyle: { color: colour(FILLS[one.key] ?? "--ink") },
        data: one.cells.map((cell) => scale(cell.value)),
      },
    ]),
  };
}

const KINDS = { "outcome-mix": outcomeMix, trend };

function draw(figure) {
  const table = document.getElementById(figure.dataset.table);
  const canvas = figure.querySelector(".chart__canvas");
  const kind = KINDS[figure.dataset.chart];
  if (!table || !canvas || !kind || !window.echarts) return;
  const chart =
    window.echarts.getInstanceByDom(canvas) ??
    window.echarts.init(canvas, null, { renderer: "canvas" });
  chart.setOption(kind(read(table)), true);
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `${figure.dataset.label ?? "Chart"}. The table has the numbers.`);
  if (!figure.dataset.drawn) new ResizeObserver(() => chart.resize()).observe(canvas);
  figure.dataset.drawn = "true";
}

const drawAll = () => document.querySelectorAll("figure[data-chart]").forEach(draw);
document.documentElement.addEventListener("heard:theme", drawAll);
document.addEventListener("htmx:load", drawAll);
document.fonts.ready.then(drawAll);
