// The time zone of the browser, chosen in a form that asks for one and is still as it was made.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
for (const select of document.querySelectorAll("select[data-time-zone]")) {
  const asMade = select.querySelector("option[selected]");
  const known = [...select.options].some((option) => option.value === zone);
  if (known && (!asMade || asMade.value === "UTC")) select.value = zone;
}
