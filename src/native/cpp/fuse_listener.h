// Tells JavaScript what a session has to say, from whichever thread says it.
#pragma once

#include <napi.h>

#include "fuse_session.h"

namespace famfs::fuse {

class JsListener : public Listener {
 public:
  // `listener` is called with FuseEvents (../fuse.ts), one after the other; it keeps the process alive until 'ended'.
  JsListener(Napi::Env env, Napi::Function listener);

  void control(Control&& control) override;
  void trouble(const Trouble& trouble) override;
  void ready(const Agreed& agreed) override;
  void ended(int error) override;

 private:
  template <typename Fill>
  void tell(Fill fill);

  Napi::ThreadSafeFunction function_;
};

}  // namespace famfs::fuse
