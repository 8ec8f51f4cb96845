// What all calls that make text share.
#pragma once

#include <napi.h>

#include "record_text.h"
#include "text_parts.h"

namespace famfs {

// The fields that TextPrograms has (../recordText.ts); valid until control returns to JavaScript.
TextForm requireForm(Napi::Env env, const Napi::Object& given);

// The 256 flags of EntryText and NodeText for plain characters.
const uint8_t* requirePlain(Napi::Env env, const Napi::Value& value);

// How many threads may print.
unsigned requireThreads(Napi::Env env, const Napi::Value& value);

// Memory of JavaScript that text goes to.
TextSpace requireSpace(Napi::Env env, const Napi::Value& value);

}  // namespace famfs
