// What is wanted only now and then is loaded then.

const loading = {};
const failures = {};

// Imports a module, once. A failure is forgotten, and a later call tries again, by another address,
// because some browsers remember which ones have failed.
export function load(name) {
  const again = failures[name] ? `?again=${failures[name]}` : "";
  loading[name] ??= import(`./${name}.js${again}`).catch((error) => {
    failures[name] = (failures[name] ?? 0) + 1;
    delete loading[name];
    throw error;
  });
  return loading[name];
}

// `create` loads and gives a function that shows something; from the first time that it is
// `wanted` on, it shows whatever comes. `tell` is called where it could not be loaded.
export function later(wanted, create, tell) {
  let show;
  let isLoading = false;
  let latest;
  return (facts) => {
    latest = facts;
    if (show) return show(facts);
    if (isLoading || facts.pressed || !wanted(facts)) return;
    isLoading = true;
    create()
      .then((part) => (show = part)(latest), tell)
      .finally(() => (isLoading = false));
  };
}
