// The JavaScript object over a Session.
#pragma once

#include <napi.h>

#include <memory>

#include "fuse_session.h"

namespace famfs::fuse {

class Server : public Napi::ObjectWrap<Server> {
 public:
  static Napi::Function define(Napi::Env env);

  // new FuseServer(options, listener); see FuseOptions in ../fuse.ts. Takes ownership of the descriptors.
  explicit Server(const Napi::CallbackInfo& info);

 private:
  void JS_start(const Napi::CallbackInfo& info);
  Napi::Value JS_addNodes(const Napi::CallbackInfo& info);
  void JS_setDevice(const Napi::CallbackInfo& info);
  Napi::Value JS_find(const Napi::CallbackInfo& info);
  Napi::Value JS_node(const Napi::CallbackInfo& info);
  void JS_stage(const Napi::CallbackInfo& info);
  void JS_stageKept(const Napi::CallbackInfo& info);
  void JS_stageDirectory(const Napi::CallbackInfo& info);
  void JS_keep(const Napi::CallbackInfo& info);
  void JS_settle(const Napi::CallbackInfo& info);
  void JS_adopt(const Napi::CallbackInfo& info);
  Napi::Value JS_freeze(const Napi::CallbackInfo& info);
  void JS_thaw(const Napi::CallbackInfo& info);
  Napi::Value JS_place(const Napi::CallbackInfo& info);
  void JS_rename(const Napi::CallbackInfo& info);
  void JS_remove(const Napi::CallbackInfo& info);
  void JS_forgetInode(const Napi::CallbackInfo& info);
  void JS_setStatfs(const Napi::CallbackInfo& info);
  void JS_addWatch(const Napi::CallbackInfo& info);
  void JS_fail(const Napi::CallbackInfo& info);
  Napi::Value JS_answerError(const Napi::CallbackInfo& info);
  Napi::Value JS_answerEntry(const Napi::CallbackInfo& info);
  Napi::Value JS_answerCreate(const Napi::CallbackInfo& info);
  Napi::Value JS_answerOpen(const Napi::CallbackInfo& info);
  Napi::Value JS_answerAttr(const Napi::CallbackInfo& info);
  Napi::Value JS_answerBytes(const Napi::CallbackInfo& info);
  void JS_notify(const Napi::CallbackInfo& info);
  void JS_registerBacking(const Napi::CallbackInfo& info);
  void JS_openDaxdev(const Napi::CallbackInfo& info);
  Napi::Value JS_requests(const Napi::CallbackInfo& info);
  Napi::Value JS_tableBytes(const Napi::CallbackInfo& info);

  struct PackedNodes;
  static std::vector<PackedNodes> requirePacked(Napi::Env env, const Napi::Value& value);
  void addPart(Napi::Env env, const PackedNodes& part, uint32_t* results);

  struct NewName;
  NewName requireNewName(const Napi::CallbackInfo& info);
  void addName(const Napi::CallbackInfo& info, const NewName& made, std::shared_ptr<Staged> staged);
  uint32_t requireRow(Napi::Env env, const Napi::Value& id) const;

  std::shared_ptr<Session> session_;
  size_t threads_ = 1;
};

// openFuse, cloneFuse, mountFuse, unmount, socketPair, receiveDescriptor
void exportMounting(Napi::Env env, Napi::Object exports);

}  // namespace famfs::fuse
