#pragma once

#include "clients/web/bindings/fields.h"
#include "clients/web/bindings/page_device.h"
#include "clients/web/bindings/reply.h"

#include <span>
#include <string_view>

namespace clients::web {

/// One function of the module: what a page gives, and what it gets.  Each has a field `now`,
/// milliseconds since 1970.
using PageCall = Reply (*)(PageDevice& device, const Fields& fields, events::Timestamp now);

struct NamedCall {
  std::string_view name;
  PageCall call;  ///< Null in a module that lacks it.
};

/// Every function of the module; one for readers has none that records or sends (audience.h).  Those
/// that speak with the server have a field `steady`, too: milliseconds of a clock that nobody sets.
///
///   load            rows, as packed_changes() wrote them: what the browser's database holds
///   open            the device state, from the rows that were loaded
///   unlock          master: the key that the page keeps; the device state
///   lock            the device state
///   enrol_ask       code, label, browser_key: bytes to send
///   enrol_answer    frames: the device state
///   greet           live, http: bytes to send; begins a connection
///   frames          frames: bytes to send; the state of the connection, in an error, too
///   push            bytes to send: what was recorded since, and what waited for signatures
///   hang_up         the connection is over
///   act, view       see page_acts.h and page_views.h
///   sync            the state of the connection
///   new_chain_ask (browser_key), new_chain_answer   when the state is "forked": as at enrolment,
///   on a connection
///                   of its own; then a new connection begins
///   settle          when a connection is "synced": records again what only a left chain had; the
///                   device state
///   file_give       name, pieces: a file that the state of the connection named in `wants`, as it
///                   is stored; `push` or `greet` goes on with it
///   photo, originals   see page_photos.h
///   bundle          bytes: a sealed file of everything unsent
///   bundle_answer   file: the server's answer to one; the device state
std::span<const NamedCall> page_calls();

/// Reads the fields, makes the call and answers; never throws.
///
/// `browser_key` is the public half of a pair that the browser just drew and holds; without it the
/// module draws a seed.  Where the browser holds the key, a call may wait for signatures: "to_sign"
/// in its JSON lists what, in hexadecimal digits, the public key (32 bytes) and the message behind
/// it.  The page signs, and goes on with all signatures of this call in fields `signature`: 64
/// bytes, and what was signed behind them.  It goes on with `push` after greet, frames and push,
/// which have done their work but for what they could not say yet; any other call is made again,
/// with the same fields and the same `now`.
Reply make_call(const NamedCall& call, PageDevice& device, events::ByteView input);

/// The changes of rows and of pieces of files since the last call, as bytes for the page: for each
/// `u8 kind` (1 put, 2 erase, 3 erase a range), `u32 length | key`, `u32 length | value`; for a
/// range the value is the first key behind it; empty: every key that begins so.  Numbers are
/// little-endian.
events::Bytes packed_changes(PageDevice& device);
events::Bytes packed(std::span<const RowChange> changes);

}  // namespace clients::web
