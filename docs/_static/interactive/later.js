// What need not be there at once: parts that are shown when they are wanted, and digits.

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

const OFTEN_ENOUGH = 100; // milliseconds: digits that change faster cannot be read

// Shows something now and then while the pointer is down, and otherwise at once.
export function seldom(show) {
  let timer;
  let latest;
  return (facts) => {
    latest = facts;
    if (!facts.pressed) {
      clearTimeout(timer);
      timer = undefined;
      show(facts);
    } else {
      timer ??= setTimeout(() => {
        timer = undefined;
        show(latest);
      }, OFTEN_ENOUGH);
    }
  };
}
