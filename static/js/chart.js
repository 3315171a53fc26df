// Draws charts from JSON on the page; a table beside each chart has the same numbers.
//
//   <figure class="chart" data-chart="mix" data-source="mix-data" data-label="…">
//     <div class="chart__canvas"></div> …
//   <script type="application/json" id="mix-data">…
//
// data-chart: "mix" (stacked shares of counts; columns where they are few), "trend" (shares 0 to 1 with a band from low to
// high) or "funnel" (a share against a number of cases, with limits). Without JavaScript the
// table stands alone.
import "./filters.js";

const FILLS = {
  empathy_2: "--fill-empathy-2",
  empathy_1: "--fill-empathy-1",
  sympathy_only: "--fill-sympathy",
  missed: "--fill-missed",
  dismissed: "--fill-dismissed",
  agreement: "--accent",
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

// Fewer points than this, or a gap among them, and areas would draw nothing: columns do.
const ENOUGH_FOR_AREAS = 8;

const percent = (share) => (share === null ? "–" : `${Math.round(100 * share)} %`);

function words(token = "--ink-3") {
  const { fontFamily } = getComputedStyle(document.body);
  return { color: colour(token), fontFamily, fontSize: 13 };
}

function frame() {
  return {
    animation: false,
    grid: { left: 46, right: 16, top: 10, bottom: 28 },
    tooltip: {
      renderMode: "richText",
      backgroundColor: colour("--surface"),
      borderColor: colour("--line-strong"),
      textStyle: words("--ink"),
      axisPointer: { lineStyle: { color: colour("--line-strong") } },
    },
    yAxis: {
      type: "value",
      min: 0,
      max: 1,
      interval: 0.25,
      axisLabel: { ...words(), formatter: percent },
      splitLine: { lineStyle: { color: colour("--line") } },
    },
  };
}

function overTime(labels, ticks = labels) {
  const base = frame();
  return {
    ...base,
    tooltip: { ...base.tooltip, trigger: "axis" },
    xAxis: {
      type: "category",
      data: labels,
      boundaryGap: false,
      axisLine: { lineStyle: { color: colour("--line-strong") } },
      axisTick: { show: false },
      axisLabel: {
        ...words(),
        hideOverlap: true,
        showMinLabel: true,
        showMaxLabel: true,
        alignMinLabel: "left",
        alignMaxLabel: "right",
        formatter: (_, at) => ticks[at],
      },
    },
  };
}

function mix({ labels, ticks, series }) {
  const sums = labels.map((_, at) => series.reduce((sum, one) => sum + one.values[at], 0));
  const option = overTime(labels, ticks);
  const areas = sums.length >= ENOUGH_FOR_AREAS && sums.every(Boolean);
  if (!areas) {
    option.xAxis.boundaryGap = true;
    option.xAxis.axisLabel.alignMinLabel = "center";
    option.xAxis.axisLabel.alignMaxLabel = "center";
    option.tooltip.axisPointer = { ...option.tooltip.axisPointer, type: "shadow" };
  }
  option.tooltip.formatter = (rows) => {
    const at = rows[0].dataIndex;
    const lines = series.map((one) => {
      const share = sums[at] ? ` (${percent(one.values[at] / sums[at])})` : "";
      return `${one.name}: ${one.values[at]}${share}`;
    });
    const head = ngettext("%(days)s: %(n)s feeling", "%(days)s: %(n)s feelings", sums[at]);
    return [interpolate(head, { days: labels[at], n: sums[at] }, true), ...lines].join("\n");
  };
  // The best outcome lies at the bottom, so that growing teal reads as getting better.
  option.series = series.map((one) => ({
    name: one.name,
    stack: "mix",
    ...(areas ? area(one.key) : column(one.key)),
    emphasis: { disabled: true },
    data: one.values.map((value, at) => (sums[at] ? value / sums[at] : null)),
  }));
  return option;
}

const area = (key) => ({
  type: "line",
  symbol: "none",
  lineStyle: { width: 1.5, color: colour("--surface") },
  areaStyle: { color: colour(FILLS[key]), opacity: 1 },
  itemStyle: { color: colour(FILLS[key]) },
});

const column = (key) => ({
  type: "bar",
  barCategoryGap: "25%",
  barMaxWidth: 72,
  itemStyle: { color: colour(FILLS[key]), borderColor: colour("--surface"), borderWidth: 1 },
});

function trend({ labels, ticks, series }) {
  const option = overTime(labels, ticks);
  option.tooltip.formatter = (rows) => {
    const at = rows[0].dataIndex;
    const lines = series.map(({ name, values, low, high }) =>
      values[at] === null
        ? `${name}: –`
        : interpolate(
            gettext("%(name)s: %(share)s (%(low)s to %(high)s)"),
            { name, share: percent(values[at]), low: percent(low[at]), high: percent(high[at]) },
            true,
          ),
    );
    return [labels[at], ...lines].join("\n");
  };
  const hidden = { type: "line", symbol: "none", silent: true, lineStyle: { opacity: 0 } };
  option.series = series.flatMap((one) => [
    { ...hidden, stack: one.key, data: one.low },
    {
      ...hidden,
      stack: one.key,
      areaStyle: { color: colour(FILLS[one.key]), opacity: 0.22 },
      data: one.high.map((high, at) => (high === null ? null : high - one.low[at])),
    },
    {
      name: one.name,
      type: "line",
      symbol: "circle",
      symbolSize: 6,
      lineStyle: { width: 2, color: colour(FILLS[one.key]) },
      itemStyle: { color: colour(FILLS[one.key]) },
      data: one.values,
    },
  ]);
  return option;
}

function funnel({ overall, points, sizes, limits }) {
  const option = frame();
  const line = (column, type) => ({
    type: "line",
    symbol: "none",
    silent: true,
    tooltip: { show: false },
    lineStyle: { width: 1, type, color: colour("--line-strong") },
    data: sizes.map((size, at) => [size, limits[at][column]]),
  });
  const largest = sizes[sizes.length - 1];
  const few = points.length <= 12;
  return {
    ...option,
    grid: { ...option.grid, bottom: 44 },
    tooltip: {
      ...option.tooltip,
      trigger: "item",
      formatter: ({ data: { name, value } }) =>
        interpolate(
          gettext("%(name)s\n%(share)s of %(n)s"),
          { name, share: percent(value[1]), n: value[0] },
          true,
        ),
    },
    xAxis: {
      type: "value",
      min: 0,
      max: largest,
      name: gettext("Feelings that customers showed"),
      nameLocation: "middle",
      nameGap: 28,
      nameTextStyle: words(),
      axisLine: { lineStyle: { color: colour("--line-strong") } },
      axisLabel: { ...words(), showMaxLabel: false },
      splitLine: { show: false },
    },
    series: [
      line(0, "solid"),
      line(1, "dashed"),
      line(2, "dashed"),
      line(3, "solid"),
      {
        ...line(0, "solid"),
        lineStyle: { width: 2, color: colour("--fill-empathy-2") },
        data: [
          [0, overall],
          [largest, overall],
        ],
      },
      {
        type: "scatter",
        symbolSize: 10,
        itemStyle: { color: colour("--ink"), borderColor: colour("--surface"), borderWidth: 1.5 },
        label: {
          show: few,
          formatter: ({ data }) => data.name,
          position: "right",
          ...words("--ink-2"),
        },
        labelLayout: { hideOverlap: true, moveOverlap: "shiftY" },
        data: points.map(({ name, n, count }) => ({
          name,
          value: [n, count / n],
          label: { position: n > 0.75 * largest ? "left" : "right" },
        })),
      },
    ],
  };
}

const KINDS = { mix, trend, funnel };

function draw(figure) {
  const source = document.getElementById(figure.dataset.source);
  const canvas = figure.querySelector(".chart__canvas");
  const kind = KINDS[figure.dataset.chart];
  if (!source || !canvas || !kind || !window.echarts) return;
  const known = window.echarts.getInstanceByDom(canvas);
  const chart = known ?? window.echarts.init(canvas, null, { renderer: "canvas" });
  chart.setOption(kind(JSON.parse(source.textContent)), true);
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `${figure.dataset.label} ${gettext("The table has the numbers.")}`);
  if (!known) new ResizeObserver(() => chart.resize()).observe(canvas);
}

const drawAll = () => document.querySelectorAll("figure[data-chart]").forEach(draw);
document.documentElement.addEventListener("heard:theme", drawAll);
document.addEventListener("htmx:load", drawAll);
document.fonts.ready.then(drawAll);
