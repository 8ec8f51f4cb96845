// Passes the events of a session to JavaScript, from any thread.
#pragma once

#include <napi.h>

#include "fuse_session.h"

namespace famfs::fuse {

class JsListener : public Listener {
 public:
  // Calls `listener` with FuseEvents (../fuse.ts), one at a time; keeps the process alive until 'ended'.
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
