// Numbers and names for reading, as in `mlp_reference/walkthrough` and the build write them.

// Lists every element of a quantity by the name under which Python reaches it.
export function elements(name, value) {
  if (!Array.isArray(value)) return [[name, value]];
  return value.flatMap((item, place) => elements(`${name}[${place}]`, item));
}

// Four decimals, or fewer where fewer are all there are.
export function written(value) {
  const exact = String(value);
  const few = !exact.includes("e") && (exact.split(".")[1] ?? "").length < 4;
  return (few ? exact : value.toFixed(4)).replace("-", "−");
}

// Puts numbers or symbols in place of the names in braces. One with a minus gets brackets,
// unless it comes first.
export function fill(line, write) {
  return line.replace(/\{([^}]+)\}/g, (_, name, at) => {
    const text = write(name);
    return at > 0 && text.startsWith("−") ? `(${text})` : text;
  });
}
