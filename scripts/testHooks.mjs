// Loaded into each test process before node:test, which otherwise follows every promise from its making to its collection to know
// the test that it belongs to. That takes an eighth of the processor time of the whole suite, nearly all of it for the collection.
// Here the test is a property of the promise, and is gone with it. A node:test that asks for no such hook gets none.
import hooks from 'node:async_hooks';

const { createHook, executionAsyncId, executionAsyncResource } = hooks;

/** id of the test under which a resource was made; node:test looks its tests up by id */
const TEST = Symbol('test');
let isReplaced = false;

hooks.createHook = (callbacks) => {
  const { init, destroy } = callbacks;
  if (isReplaced || init === undefined || destroy === undefined) return createHook(callbacks);
  isReplaced = true;
  return createHook({
    init(id, type, trigger, resource) {
      if (type === 'Test') init(id, type, trigger, resource);
      const test = type === 'Test' ? id : executionAsyncResource()[TEST];
      if (test !== undefined) resource[TEST] = test;
    },
  });
};

hooks.executionAsyncId = () => executionAsyncResource()[TEST] ?? executionAsyncId();
