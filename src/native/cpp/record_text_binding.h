// What all calls that make text share.
#pragma once

#include <napi.h>

#include <string>

#include "record_text.h"

namespace famfs {

// An empty string that has kept its memory: fresh memory for each megabyte of text would cost more than the text.
std::string& emptyText();

// The fields that TextPrograms has (../recordText.ts); valid until control returns to JavaScript.
TextRecords requirePrograms(Napi::Env env, const Napi::Object& given);

// The 256 flags of EntryText and NodeText for plain characters.
const uint8_t* requirePlain(Napi::Env env, const Napi::Value& value);

// Copies text to where JavaScript wants it; its number of bytes.
Napi::Value copiedText(Napi::Env env, const std::string& text, const Napi::Value& target);

}  // namespace famfs
