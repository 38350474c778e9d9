#include "server/files/file_service.h"

#include <boost/asio/post.hpp>

#include <utility>

namespace server {

namespace protocol = events::protocol;

void FileService::find(const protocol::FileName& name, Done<Facts> done) {
  committer_.find_file(name, std::move(done));
}

void FileService::offer(events::ChainNumber chain, FileFacts facts, events::Digest proof,
                        Done<protocol::BlobState> done) {
  offer_at_factor(chain, std::move(facts), proof, 1, std::move(done));
}

void FileService::offer_at_factor(events::ChainNumber chain, FileFacts facts, events::Digest proof,
                                  std::uint64_t factor, Done<protocol::BlobState> done) {
  net::post(file_thread_.executor, [this, chain, facts = std::move(facts), proof, factor,
                                    done = std::move(done)]() mutable {
    FileTransfers::Answer answer = desk_.offer(chain, facts, proof, factor);
    const bool is_over = answer.state.status == protocol::FileStatus::refused &&
                         answer.state.reason == events::ErrorCode::quota;
    if (!is_over || factor > 1) return settle(std::move(answer), std::move(done));
    // Seldom: only then the log is asked whether the quota was raised.
    committer_.find_quota_factor(
        chain, [this, chain, facts = std::move(facts), proof, answer = std::move(answer),
                done = std::move(done)](std::uint64_t raised) mutable {
          if (raised <= 1) return done(std::move(answer.state));
          offer_at_factor(chain, std::move(facts), proof, raised, std::move(done));
        });
  });
}

void FileService::put(FilePiece piece, Done<protocol::BlobState> done) {
  net::post(file_thread_.executor,
            [this, piece = std::move(piece), done = std::move(done)]() mutable {
              settle(desk_.put(piece), std::move(done));
            });
}

void FileService::read(FileFacts facts, std::uint32_t offset,
                       Done<events::Result<events::Bytes>> done) {
  net::post(file_thread_.executor, [this, facts = std::move(facts), offset,
                                    done = std::move(done)] { done(desk_.read(facts, offset)); });
}

void FileService::look_for_lost(events::Position upto, Done<events::Result<std::size_t>> done) {
  go_on({upto, 0, 0, std::move(done)});
}

void FileService::go_on(Search search) {
  auto look = [this, search](StoredFiles stretch) mutable {
    net::post(file_thread_.executor, [this, search = std::move(search),
                                      stretch = std::move(stretch)]() mutable {
      const events::Result<std::vector<FileFacts>> lost = desk_.missing(std::move(stretch.files));
      if (!lost) return search.done(lost.error());
      for (const FileFacts& file : *lost) wants_.note(file);
      search.found += lost->size();
      search.begin = stretch.next;
      if (stretch.is_last) return search.done(search.found);
      go_on(std::move(search));
    });
  };
  committer_.find_stored_files(search.begin, search.upto, std::move(look));
}

void FileService::settle(FileTransfers::Answer answer, Done<protocol::BlobState> done) {
  if (!answer.is_complete) return done(std::move(answer.state));
  const protocol::FileName name = answer.state.file;
  committer_.record_stored(name,
                           [this, name, state = std::move(answer.state),
                            done = std::move(done)](const events::Result<void>& recorded) mutable {
                             if (!recorded) {
                               state.status = protocol::FileStatus::refused;
                               state.reason = recorded.error().code;
                             }
                             if (recorded) wants_.forget(name);
                             done(std::move(state));
                           });
}

}  // namespace server
