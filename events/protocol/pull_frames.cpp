#include "events/protocol/pull_frames.h"

#include "events/protocol/frame_table.h"

#include <type_traits>
#include <variant>

namespace events::protocol {
namespace {

// A bad field throws in CompactInput, and read_frames_of() makes an Error of it.
constexpr FrameTable pulled =
    table_of_kinds<Welcome, Events, Mark, Live, Proofs, PrivateRecords, ScopeGrant, SnapOffer, Snap,
                   Enrolled, Goaway, Moved, ErrorFrame, BlobState, BlobChunk, BlobWant, Credit>();

template <class T, class... Kinds>
constexpr bool is_one_of = (std::is_same_v<T, Kinds> || ...);

template <class T>
constexpr bool is_said = is_one_of<T, Hello, Answer, Enrol, Prove, SnapWant, Purged, BlobOffer,
                                   BlobChunk, BlobWant, Credit>;

}  // namespace

Result<std::vector<Message>> read_pulled_frames(ByteView message) {
  return read_frames_of(pulled, message, nullptr);
}

void append_pulling_frame(Bytes& target, const Message& message) {
  Bytes payload;
  CompactOutput fields_archive(payload);
  const FrameKind kind = std::visit(
      [&]<class T>(const T& fields) {
        if constexpr (is_said<T>) {
          write_fields(fields_archive, fields);
        } else {
          CHECK(false, "a device that records nothing says nothing else");
        }
        return T::kind;
      },
      message);
  append_payload(target, kind, payload);
}

}  // namespace events::protocol
