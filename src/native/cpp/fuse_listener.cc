#include "fuse_listener.h"

#include <string>

namespace famfs::fuse {
namespace {

Napi::Value toNumber(Napi::Env env, uint64_t number) { return Napi::Number::New(env, static_cast<double>(number)); }

Napi::Value toBytes(Napi::Env env, const std::string& text) { return Napi::Buffer<char>::Copy(env, text.data(), text.size()); }

}  // namespace

JsListener::JsListener(Napi::Env env, Napi::Function listener)
    : function_(Napi::ThreadSafeFunction::New(env, listener, "famfs mount", 0, 1)) {}

// It is closing if the environment is being torn down: nobody listens any more
template <typename Fill>
void JsListener::tell(Fill fill) {
  function_.NonBlockingCall([fill](Napi::Env env, Napi::Function listener) {
    Napi::Object event = Napi::Object::New(env);
    fill(env, event);
    listener.Call({event});
  });
}

void JsListener::control(Control&& control) {
  tell([control = std::move(control)](Napi::Env env, Napi::Object event) {
    event.Set("type", "control");
    // Request numbers may use all 64 bits
    event.Set("unique", Napi::BigInt::New(env, control.unique));
    event.Set("opcode", control.opcode);
    event.Set("node", toNumber(env, control.node));
    event.Set("uid", control.uid);
    event.Set("gid", control.gid);
    event.Set("name", toBytes(env, control.name));
    event.Set("other", toBytes(env, control.other));
    Napi::Array numbers = Napi::Array::New(env, 3);
    for (uint32_t i = 0; i < 3; i++) numbers.Set(i, toNumber(env, control.numbers[i]));
    event.Set("numbers", numbers);
  });
}

void JsListener::trouble(const Trouble& trouble) {
  tell([trouble](Napi::Env env, Napi::Object event) {
    event.Set("type", "trouble");
    event.Set("what", trouble.what);
    event.Set("node", toNumber(env, trouble.node));
    event.Set("offset", toNumber(env, trouble.offset));
    event.Set("device", trouble.device);
    event.Set("deviceOffset", toNumber(env, trouble.deviceOffset));
    event.Set("errno", trouble.error);
  });
}

void JsListener::ready(const Agreed& agreed) {
  tell([agreed](Napi::Env env, Napi::Object event) {
    event.Set("type", "ready");
    event.Set("minor", agreed.minor);
    event.Set("offered", Napi::BigInt::New(env, agreed.offered));
    event.Set("accepted", Napi::BigInt::New(env, agreed.accepted));
    event.Set("mostBytes", agreed.mostBytes);
    event.Set("maps", agreed.maps == Maps::kFmap ? "v2" : agreed.maps == Maps::kBacking ? "d" : "none");
  });
}

void JsListener::ended(int error) {
  tell([error](Napi::Env, Napi::Object event) {
    event.Set("type", "ended");
    event.Set("errno", error);
  });
  function_.Release();
}

}  // namespace famfs::fuse
