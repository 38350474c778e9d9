#include "server/session/file_exchange.h"

#include "server/files/disk_file_archive.h"
#include "server/files/file_wants.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <string>

namespace server {
namespace {

namespace fs = std::filesystem;
namespace protocol = events::protocol;
using events::ErrorCode;
using events::FilePart;
using protocol::FileStatus;

constexpr events::ChainNumber phone{7};
constexpr events::ChainNumber tablet{8};
const events::UnitId commune{events::EventId{events::ChainNumber{2}, 1}};

events::Bytes a_photo(std::uint32_t size) {
  events::Bytes bytes(size);
  std::uint32_t seed = 5;
  for (std::uint8_t& byte : bytes) {
    seed = seed * 1'664'525 + 1'013'904'223;
    byte = static_cast<std::uint8_t>(seed >> 24U);
  }
  return bytes;
}

ReaderRights reader() {
  ReaderRights rights;
  rights.scope.units = {commune};
  rights.private_communes = {commune};
  return rights;
}

/// A server of files with a log that names what the tests say it names.
class FileExchangeOnDisk : public ::testing::Test {
 protected:
  FileExchangeOnDisk()
      : path(fs::path(testing::TempDir()) /
             (std::string("exchange-") +
              ::testing::UnitTest::GetInstance()->current_test_info()->name())),
        store(std::move(*DiskFileArchive::open(path))),
        desk(*store) {}
  ~FileExchangeOnDisk() override {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }

  /// The log names the photo as an original of an event of that chain.
  protocol::FileName attach(events::ChainNumber chain, const events::Bytes& photo) {
    const protocol::FileName name{events::EventId{chain, ++seq}, FilePart::original};
    facts[name] = {
        name, events::sha256(photo), static_cast<std::uint32_t>(photo.size()), {}, commune, false};
    return name;
  }

  /// A connection: answers what the exchange asks at once.
  struct Connection {
    FileExchangeOnDisk& world;
    FileExchange exchange;
    FileExchange::Messages heard;

    Connection(FileExchangeOnDisk& of, events::ChainNumber chain, ReaderRights rights = reader())
        : world(of), exchange(chain, std::move(rights)) {}

    void answer(FileRequests requests) {
      for (FileRequest& request : requests) {
        if (auto* const find = std::get_if<FindFile>(&request)) {
          const auto found = world.facts.find(find->name);
          const std::optional<FileFacts> known =
              found == world.facts.end() ? std::nullopt : std::optional(found->second);
          answer(exchange.on_file_found(find->name, known, heard));
        } else if (auto* const offer = std::get_if<OfferFile>(&request)) {
          FileTransfers::Answer said = world.desk.offer(offer->chain, offer->facts, offer->proof);
          if (said.is_complete) world.facts[said.state.file].is_stored = true;
          exchange.on_file_state(said.state, heard);
        } else if (auto* const piece = std::get_if<StorePiece>(&request)) {
          const std::size_t bytes = piece->piece.bytes.size();
          FileTransfers::Answer said = world.desk.put(piece->piece);
          if (said.is_complete) world.facts[said.state.file].is_stored = true;
          exchange.on_piece_stored(bytes, said.state, heard);
        } else if (auto* const read = std::get_if<ReadFile>(&request)) {
          answer(exchange.on_file_read(read->facts.name, read->offset,
                                       world.desk.read(read->facts, read->offset), heard));
        } else {
          world.awaited.push_back(std::get<AwaitFile>(request).facts.name);
        }
      }
    }
    void offer(const protocol::FileName& name, const events::Digest& proof) {
      answer(exchange.serve(protocol::BlobOffer{name, proof}, heard));
    }
    void send(const protocol::FileName& name, const events::Bytes& photo, std::uint32_t offset,
              std::uint32_t size) {
      const auto begin = photo.begin() + offset;
      answer(exchange.serve(protocol::BlobChunk{name, offset, events::Bytes(begin, begin + size)},
                            heard));
    }
    /// The last thing that was said about a file.
    protocol::BlobState said() const {
      for (auto each = heard.rbegin(); each != heard.rend(); ++each) {
        if (const auto* const state = std::get_if<protocol::BlobState>(&*each)) return *state;
      }
      return {};
    }
    /// Sends what is asked for, until `bytes_max` were sent.  Returns how many were.
    std::uint32_t send_missing(const protocol::FileName& name, const events::Bytes& photo,
                               std::uint32_t bytes_max, std::uint32_t piece = 2'000) {
      const protocol::BlobState wanted = said();
      const auto size = static_cast<std::uint32_t>(photo.size());
      std::uint32_t sent = 0;
      bool is_first = true;
      for (std::uint32_t index = 0; index < protocol::chunk_count(size); ++index) {
        if ((wanted.missing[index / 8] >> index % 8 & 1U) == 0) continue;
        std::uint32_t at = index * protocol::file_chunk_bytes + (is_first ? wanted.begun_bytes : 0);
        is_first = false;
        const std::uint32_t end =
            index * protocol::file_chunk_bytes + protocol::chunk_size(size, index);
        while (at < end) {
          const std::uint32_t bytes = std::min(piece, end - at);
          if (sent + bytes > bytes_max) return sent;
          send(name, photo, at, bytes);
          sent += bytes;
          at += bytes;
        }
      }
      return sent;
    }
  };

  events::Digest proof_of(events::ChainNumber chain, const protocol::FileName& name,
                          const events::Bytes& photo) {
    return protocol::possession_proof(chain, name, photo);
  }

  fs::path path;
  std::unique_ptr<DiskFileArchive> store;
  FileTransfers desk;
  std::map<protocol::FileName, FileFacts> facts;
  std::vector<protocol::FileName> awaited;
  std::uint64_t seq = 0;
};

// Case 22.  On a line that breaks every few seconds a photo would never arrive, or cost the day.
TEST_F(FileExchangeOnDisk, TwoHundredCutsRepeatNothingThatWasTaken) {
  const events::Bytes photo = a_photo(300'000);
  const protocol::FileName name = attach(phone, photo);
  std::uint32_t sent = 0;
  std::uint32_t seed = 7;
  int cuts = 0;
  for (; cuts < 200; ++cuts) {
    Connection connection(*this, phone);
    connection.offer(name, proof_of(phone, name, photo));
    ASSERT_EQ(connection.said().status, FileStatus::wanted);
    seed = seed * 1'664'525 + 1'013'904'223;
    sent += connection.send_missing(name, photo, (seed >> 20U) % 3'000, 500);
    if (connection.said().status == FileStatus::stored) break;
    connection.answer(connection.exchange.leave());
  }
  Connection last(*this, phone);
  last.offer(name, proof_of(phone, name, photo));
  if (last.said().status == FileStatus::wanted) sent += last.send_missing(name, photo, 300'000);
  EXPECT_EQ(last.said().status, FileStatus::stored);
  EXPECT_EQ(cuts, 200);
  EXPECT_EQ(sent, 300'000U) << "bytes that the server had taken came again";
  EXPECT_EQ(*store->read(events::sha256(photo), 0, 300'000), photo);
}

// The same, when the server dies and forgets what was not yet a whole chunk.
TEST_F(FileExchangeOnDisk, ACrashRepeatsOneChunkAtMost) {
  const events::Bytes photo = a_photo(100'000);
  const protocol::FileName name = attach(phone, photo);
  {
    Connection connection(*this, phone);
    connection.offer(name, proof_of(phone, name, photo));
    EXPECT_GT(connection.send_missing(name, photo, 60'000), 55'000U);
  }  // Nobody calls leave(): a crash.
  Connection again(*this, phone);
  again.offer(name, proof_of(phone, name, photo));
  const std::uint32_t sent = again.send_missing(name, photo, 100'000);
  EXPECT_LE(sent, 45'000U + protocol::file_chunk_bytes);
  EXPECT_EQ(again.said().status, FileStatus::stored);
}

// Case 23.  The commune would keep every photo as often as phones took part in the meeting.
TEST_F(FileExchangeOnDisk, TwoDevicesAtOnceLeaveOneCopyAndAreBothDone) {
  const events::Bytes photo = a_photo(90'000);
  const protocol::FileName mine = attach(phone, photo);
  const protocol::FileName yours = attach(tablet, photo);
  Connection first(*this, phone);
  Connection second(*this, tablet);
  first.offer(mine, proof_of(phone, mine, photo));
  second.offer(yours, proof_of(tablet, yours, photo));
  EXPECT_EQ(first.send_missing(mine, photo, 90'000), 90'000U);
  EXPECT_EQ(first.said().status, FileStatus::stored);
  EXPECT_EQ(second.send_missing(yours, photo, 90'000), 90'000U);
  EXPECT_EQ(second.said().status, FileStatus::stored);
  std::size_t copies = 0;
  for (const auto& entry : fs::recursive_directory_iterator(path)) {
    if (entry.is_regular_file()) ++copies;
  }
  EXPECT_EQ(copies, 1U);

  // A third one proves that it has the photo and sends nothing.
  const protocol::FileName theirs = attach(events::ChainNumber{9}, photo);
  Connection third(*this, events::ChainNumber{9});
  third.offer(theirs, proof_of(events::ChainNumber{9}, theirs, photo));
  EXPECT_EQ(third.said().status, FileStatus::stored);
}

// Who learned a digest from the log would get the photo of a stranger's certificate by naming it.
TEST_F(FileExchangeOnDisk, ADigestAloneTellsNobodyThatAFileExists) {
  const events::Bytes photo = a_photo(50'000);
  const protocol::FileName mine = attach(phone, photo);
  Connection owner(*this, phone);
  owner.offer(mine, proof_of(phone, mine, photo));
  owner.send_missing(mine, photo, 50'000);
  ASSERT_EQ(owner.said().status, FileStatus::stored);

  const protocol::FileName claimed = attach(tablet, photo);
  Connection thief(*this, tablet);
  thief.offer(claimed, proof_of(phone, mine, photo));  // Somebody else's proof.
  const protocol::BlobState known = thief.said();
  const events::Bytes unknown_photo = a_photo(49'999);
  const protocol::FileName nowhere = attach(tablet, unknown_photo);
  facts[nowhere].size = 50'000;
  thief.offer(nowhere, {});
  const protocol::BlobState unknown = thief.said();
  EXPECT_EQ(known.status, FileStatus::wanted);
  EXPECT_EQ(known.status, unknown.status);
  EXPECT_EQ(known.missing, unknown.missing);
  EXPECT_EQ(known.begun_bytes, unknown.begun_bytes);
  thief.answer(thief.exchange.serve(protocol::BlobWant{claimed, 0}, thief.heard));
  EXPECT_EQ(thief.said().status, FileStatus::awaited) << "nothing is handed out";
  EXPECT_FALSE(thief.exchange.is_sending());
}

// Case 24.  A worn photo would count as evidence, or the officer would never hear that it is worn.
TEST_F(FileExchangeOnDisk, BytesThatWoreOutAreRefusedAndMayBeSentAnew) {
  const events::Bytes photo = a_photo(50'000);
  events::Bytes worn = photo;
  worn[33'333] = static_cast<std::uint8_t>(worn[33'333] ^ 1U);
  const protocol::FileName name = attach(phone, photo);
  Connection connection(*this, phone);
  connection.offer(name, proof_of(phone, name, worn));
  connection.send_missing(name, worn, 50'000);
  EXPECT_EQ(connection.said().status, FileStatus::refused);
  EXPECT_EQ(connection.said().reason, ErrorCode::storage_corrupt);
  EXPECT_FALSE(facts[name].is_stored);
  connection.offer(name, proof_of(phone, name, photo));
  EXPECT_EQ(connection.send_missing(name, photo, 50'000), 50'000U);
  EXPECT_EQ(connection.said().status, FileStatus::stored);
}

// Strangers would send files in a device's name, or get the papers of a commune that is not theirs.
TEST_F(FileExchangeOnDisk, ServeOnlyThoseWhoMay) {
  const events::Bytes photo = a_photo(1'000);
  const protocol::FileName name = attach(phone, photo);
  ReaderRights association = reader();
  association.private_communes.clear();
  Connection other(*this, tablet, association);
  other.offer(name, proof_of(tablet, name, photo));
  EXPECT_EQ(other.said().reason, ErrorCode::not_permitted) << "another device's event";
  const protocol::FileName no_event{events::EventId{phone, 998}, FilePart::original};
  other.offer(no_event, {});
  EXPECT_EQ(other.said().reason, ErrorCode::not_permitted) << "whether there is one or not";
  Connection owner(*this, phone);
  const protocol::FileName unknown{events::EventId{phone, 999}, FilePart::original};
  owner.offer(unknown, {});
  EXPECT_EQ(owner.said().reason, ErrorCode::not_found) << "no event cites it";
  owner.offer(name, proof_of(phone, name, photo));
  owner.send_missing(name, photo, 1'000);
  ASSERT_EQ(owner.said().status, FileStatus::stored);

  for (const ReaderRights& rights : {association, ReaderRights{}}) {
    Connection stranger(*this, tablet, rights);
    stranger.answer(stranger.exchange.serve(protocol::BlobWant{name, 0}, stranger.heard));
    EXPECT_EQ(stranger.said().reason, ErrorCode::not_permitted);
    EXPECT_FALSE(stranger.exchange.is_sending());
  }
}

// A reviewer would look at half a certificate, or wait for one that nobody asks for.
TEST_F(FileExchangeOnDisk, HandsOutWhatIsThereAndAwaitsTheRest) {
  const events::Bytes photo = a_photo(40'000);
  const protocol::FileName name = attach(phone, photo);
  Connection reviewer(*this, tablet);
  reviewer.answer(reviewer.exchange.serve(protocol::BlobWant{name, 0}, reviewer.heard));
  EXPECT_EQ(reviewer.said().status, FileStatus::awaited);
  EXPECT_EQ(awaited, std::vector<protocol::FileName>{name});

  Connection owner(*this, phone);
  owner.offer(name, proof_of(phone, name, photo));
  owner.send_missing(name, photo, 40'000);
  for (const std::uint32_t from : {0U, 17'000U}) {
    events::Bytes got;
    reviewer.answer(reviewer.exchange.serve(protocol::BlobWant{name, from}, reviewer.heard));
    while (reviewer.exchange.is_sending()) {
      const auto piece = reviewer.exchange.next_piece(FilePart::original, 2'000);
      if (piece) {
        EXPECT_EQ(piece->offset, from + got.size());
        events::append_bytes(got, piece->bytes);
      }
      reviewer.answer(reviewer.exchange.reads());
    }
    EXPECT_EQ(got, events::Bytes(photo.begin() + from, photo.end()));
  }
}

// The server's disk burned and the phone that took the photo lies in a river: the reviewer who had
// looked at it is the only one who still has it.
TEST_F(FileExchangeOnDisk, TakesALostFileFromWhoeverMayReadIt) {
  const events::Bytes photo = a_photo(40'000);
  const protocol::FileName name = attach(phone, photo);
  Connection owner(*this, phone);
  owner.offer(name, proof_of(phone, name, photo));
  owner.send_missing(name, photo, 40'000);
  ASSERT_TRUE(facts[name].is_stored);
  owner.offer(name, {});
  EXPECT_EQ(owner.said().status, FileStatus::stored) << "the log says so to everybody";
  EXPECT_TRUE(desk.missing({facts[name]})->empty());

  ASSERT_TRUE(store->erase(events::sha256(photo)));
  EXPECT_EQ(desk.missing({facts[name]})->size(), 1U);
  Connection newcomer(*this, events::ChainNumber{9});
  newcomer.answer(newcomer.exchange.serve(protocol::BlobWant{name, 0}, newcomer.heard));
  EXPECT_EQ(newcomer.said().status, FileStatus::awaited);
  EXPECT_EQ(awaited, std::vector<protocol::FileName>{name});

  FileWants wants;
  wants.note(facts[name]);
  EXPECT_EQ(wants.lost(), 1U);
  ReaderRights association = reader();
  association.private_communes.clear();
  EXPECT_EQ(wants.of(phone, ReaderRights{}), std::vector<protocol::FileName>{name});
  EXPECT_EQ(wants.of(tablet, reader()), std::vector<protocol::FileName>{name});
  EXPECT_TRUE(wants.of(tablet, association).empty());
  wants.forget(name);
  EXPECT_EQ(wants.lost(), 0U);
  EXPECT_TRUE(wants.of(phone, reader()).empty());

  Connection reviewer(*this, tablet);
  reviewer.offer(name, proof_of(tablet, name, photo));
  ASSERT_EQ(reviewer.said().status, FileStatus::wanted);
  EXPECT_EQ(reviewer.send_missing(name, photo, 40'000), 40'000U);
  EXPECT_EQ(reviewer.said().status, FileStatus::stored);
  EXPECT_EQ(*store->read(events::sha256(photo), 0, 40'000), photo);
}

// A hostile device would make the server hold more than it may, or write where it should not.
TEST_F(FileExchangeOnDisk, TakesOnlyPiecesThatFollow) {
  const events::Bytes photo = a_photo(50'000);
  const protocol::FileName name = attach(phone, photo);
  for (const std::uint32_t offset : {5U, 16'000U, 49'000U}) {
    Connection connection(*this, phone);
    connection.offer(name, proof_of(phone, name, photo));
    connection.send(name, photo, offset, 900);
    EXPECT_EQ(connection.said().reason, ErrorCode::malformed) << offset;
  }
  Connection connection(*this, phone);
  connection.offer(name, proof_of(phone, name, photo));
  connection.send(name, photo, 0, 8'000);
  connection.send(name, photo, 8'000, 8'192);
  connection.send(name, photo, 16'192, 193);
  EXPECT_EQ(connection.said().reason, ErrorCode::malformed) << "beyond the chunk";

  std::vector<protocol::FileName> names;
  for (std::size_t index = 0; index <= uploads_at_once_max; ++index) {
    names.push_back(attach(phone, photo));
  }
  Connection greedy(*this, phone);
  for (const protocol::FileName& each : names) greedy.offer(each, proof_of(phone, each, photo));
  EXPECT_EQ(greedy.said().reason, ErrorCode::busy);
}

}  // namespace
}  // namespace server
