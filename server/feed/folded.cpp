#include "server/feed/folded.h"

#include "events/archive/compact.h"
#include "events/crypto/digest.h"
#include "events/packing/compression.h"
#include "projections/state/pieces.h"
#include "server/base/logging.h"

#include <functional>
#include <string>
#include <tuple>
#include <utility>

namespace server {
namespace {

using events::Error;
using events::ErrorCode;
using events::Result;
using projections::InPieces;

/// Raised when the head of a checkpoint or a piece is written differently.
constexpr std::uint32_t checkpoint_form = 2;

auto members_of(Folded& folded) {
  return std::tuple_cat(folded.state.members(), folded.views.members());
}
auto members_of(const Folded& folded) {
  return std::tuple_cat(folded.state.members(), folded.views.members());
}

/// The head of a checkpoint: what is kept whole, and how many items each table has.
events::Bytes head_of(const Folded& folded) {
  events::Bytes bytes;
  events::CompactOutput archive(bytes);
  archive(folded.state.applied());
  const auto write = [&](const auto& part) {
    if constexpr (!InPieces<decltype(part)>) archive(part);
  };
  std::apply([&](const auto&... parts) { (write(parts), ...); }, members_of(folded));
  projections::for_each_vector(members_of(folded),
                               [&](const auto& vector) { archive(std::uint64_t{vector.size()}); });
  return bytes;
}

/// Where the pieces of a table go.
struct Reader {
  std::uint64_t size{};
  std::size_t pieces{};                                             ///< Taken so far.
  std::function<std::size_t(events::ByteView, std::uint64_t)> add;  ///< Returns the items so far.
  std::uint64_t filled{};
};

Result<std::vector<Reader>> read_head(const Checkpoint& checkpoint, Folded& folded) {
  std::vector<Reader> readers;
  try {
    events::CompactInput archive(checkpoint.bytes);
    events::Position applied;
    archive(applied);
    const auto read = [&](auto& part) {
      if constexpr (!InPieces<decltype(part)>) archive(part);
    };
    std::apply([&](auto&... parts) { (read(parts), ...); }, members_of(folded));
    projections::for_each_vector(members_of(folded), [&](auto& vector) {
      std::uint64_t size = 0;
      archive(size);
      readers.push_back({size, 0,
                         [&vector](events::ByteView piece, std::uint64_t whole) {
                           vector.add_piece({piece.begin(), piece.end()}, whole);
                           return vector.size();
                         },
                         0});
    });
    archive.expect(archive.rest().empty() && applied == checkpoint.position, "of another place");
    folded.state.advance(applied);
  } catch (const cereal::Exception& exception) {
    return Error{ErrorCode::storage_corrupt, exception.what()};
  }
  return readers;
}

}  // namespace

std::uint32_t projections_revision() {
  std::string names = "form " + std::to_string(checkpoint_form) + '.' +
                      std::to_string(events::newest_dictionary) + '\n';
  for (const projections::ProjectionInfo& projection : projections::all_projections()) {
    names += projection.name;
    names += ' ' + std::to_string(projection.revision) + '\n';
  }
  const events::Digest digest = events::sha256(events::bytes_of(names));
  std::uint32_t revision = 0;
  for (std::size_t index = 0; index < 4; ++index) {
    revision = revision << 8U | digest.bytes[index];
  }
  return revision;
}

Result<std::optional<Folded>> read_checkpoint(const CheckpointStore& checkpoints) {
  const Result<std::optional<Checkpoint>> found =
      checkpoints.get(folded_checkpoint, projections_revision());
  if (!found) return found.error();
  if (!*found) return std::optional<Folded>{};
  const Error damaged{ErrorCode::storage_corrupt, "its bytes do not fit this build"};
  Folded folded;
  Result<std::vector<Reader>> readers = read_head(**found, folded);
  if (!readers) return damaged;
  const Result<void> read = checkpoints.for_each_piece(
      folded_checkpoint, [&](const PieceName& name, events::ByteView bytes) -> Result<void> {
        if (name.vector >= readers->size()) return damaged;
        Reader& reader = (*readers)[name.vector];
        if (name.number != reader.pieces++ || reader.filled >= reader.size) return damaged;
        reader.filled = reader.add(bytes, reader.size);
        return {};
      });
  if (!read) return read.error();
  for (const Reader& reader : *readers) {
    if (reader.filled != reader.size) return damaged;
  }
  const auto rebuild = [](auto& part) {
    if constexpr (InPieces<decltype(part)>) part.rebuild();
  };
  std::apply([&](auto&... parts) { (rebuild(parts), ...); }, members_of(folded));
  folded.recent = RecentDossiers(folded.state.applied());
  return std::optional<Folded>{std::move(folded)};
}

Folded restore_checkpoint(const CheckpointStore& checkpoints) {
  Result<std::optional<Folded>> found = read_checkpoint(checkpoints);
  if (!found) {
    log_warning("checkpoint_unusable", {{"reason", found.error().message}});
    return {};
  }
  if (!*found) return {};
  return std::move(**found);
}

FoldedCheckpoints::FoldedCheckpoints(CheckpointStore& checkpoints, const Folded& restored)
    : checkpoints_(checkpoints),
      position_(restored.state.applied()),
      is_whole_(restored.state.applied() == events::Position{}) {
  projections::for_each_vector(members_of(restored),
                               [&](const auto& vector) { edits_.push_back(vector.edits()); });
}

Result<std::size_t> FoldedCheckpoints::save(const Folded& folded) {
  CheckpointStore::Update update = checkpoints_.update(folded_checkpoint, is_whole_);
  std::vector<std::uint64_t> edits;
  std::size_t written = 0;
  Result<void> put;
  projections::for_each_vector(members_of(folded), [&](const auto& vector) {
    const auto table = static_cast<std::uint32_t>(edits.size());
    const std::uint64_t saved = is_whole_ ? 0 : edits_[table];
    edits.push_back(vector.edits());
    for (std::size_t piece = 0; put && piece < vector.pieces(); ++piece) {
      if (!is_whole_ && !vector.is_edited(piece, saved)) continue;
      const events::Bytes bytes = vector.piece(piece);
      written += bytes.size();
      put = update.put({table, static_cast<std::uint32_t>(piece)}, bytes);
    }
  });
  const events::Bytes head = head_of(folded);
  if (put) put = update.finish(projections_revision(), folded.state.applied(), head);
  if (!put) return put.error();
  position_ = folded.state.applied();
  is_whole_ = false;
  edits_ = std::move(edits);
  return written + head.size();
}

}  // namespace server
