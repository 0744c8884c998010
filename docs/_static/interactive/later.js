// What is wanted only now and then is loaded then.

const loading = {};

// Loads a module of this folder once. It rejects where that fails, and a later call tries again.
export function load(name) {
  loading[name] ??= import(`./${name}.js`).catch((error) => {
    delete loading[name];
    throw error;
  });
  return loading[name];
}

// `load` gives a function that shows something; from the first time that it is `wanted` on, it shows whatever comes.
export function later(wanted, load) {
  let show;
  let loading;
  let latest;
  return (facts) => {
    latest = facts;
    if (!loading && wanted(facts)) {
      loading = load().then((part) => {
        show = part;
        show(latest);
      });
    }
    show?.(facts);
  };
}
