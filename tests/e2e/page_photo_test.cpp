#include "events/crypto/digest.h"
#include "events/protocol/frame_codec.h"
#include "tests/e2e/page_peer.h"
#include "tests/e2e/photographed_commune.h"

#include <boost/json/serialize.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>

// Photos of evidence on a page: taken without a line, kept sealed, sent, and seen elsewhere.

namespace e2e {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
namespace protocol = events::protocol;

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A page of two officers beside the command line of their commune; one dossier.
class PagePhotos : public PhotographedCommune {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(PhotographedCommune::SetUp());
    setup.commune().json({"sync"});
    enrol(page);
    write_photo(scratch / "photo.jpg", 120'000);
    photo = content_of(scratch / "photo.jpg");
    thumbnail = photo.substr(0, 7'000);
  }

  void enrol(PagePeer& device) {
    const json::value invited =
        setup.admin().json({"invite", "--person", setup.officer("proxy_entrant"), "--person",
                            setup.officer("branch_head")});
    setup.admin().json({"sync"});
    device.enrol(port(), std::string(invited.as_object().at("code").as_string()), "Điện thoại");
    ASSERT_TRUE(device.sync(port()).at("synced").as_bool());
    device.expect("originals", {{"when", "always"}});
  }
  std::uint16_t port() { return setup.server().port(); }
  PagePeer::Given evidence() {
    return {{"act", "evidence"},     {"actor", setup.officer("branch_head")},
            {"dossier", dossier},    {"kind", "photo"},
            {"what", "Giấy khen"},   {"photo", photo},
            {"thumbnail", thumbnail}};
  }
  /// The event that attached it.
  std::string take_photo() {
    const json::object done = page.expect("act", evidence());
    EXPECT_TRUE(done.at("stored").as_bool()) << json::serialize(done);
    return std::string(done.at("events").as_array().front().at("id").as_string());
  }
  json::object photos(PagePeer& device) {
    const json::object view = device.expect("view", {{"view", "photos"}, {"dossier", dossier}});
    const json::array& rows = view.at("photos").as_array();
    return rows.empty() ? json::object{} : rows.back().as_object();
  }
  std::string state_on(PagePeer& device) {
    const json::object row = photos(device);
    return row.contains("state") ? std::string(row.at("state").as_string()) : "not listed";
  }
  /// A picture as the page shows it.
  std::string seen_on(PagePeer& device, const std::string& file, const std::string& part) {
    const json::object found = device.expect("photo", {{"file", file}, {"part", part}});
    if (!found.at("here").as_bool()) return "not here";
    const std::string pieces = device.pieces_of(std::string(found.at("name").as_string()));
    device.expect("photo", {{"file", file}, {"part", part}, {"pieces", pieces}});
    return {device.bytes().begin(), device.bytes().end()};
  }
  /// What the commune's other device gets of it.
  std::string fetched_elsewhere(const std::string& file) {
    setup.commune().json({"sync"});
    setup.commune().json({"files", "want", file});
    setup.commune().json({"sync"});
    const fs::path copy = scratch / "copy.jpg";
    setup.commune().json({"files", "get", file, "--output", copy.string()});
    return content_of(copy);
  }

  PagePeer page;
  std::string photo;
  std::string thumbnail;
};

TEST_F(PagePhotos, TravelOverASocketOnceAndAreSeenElsewhere) {
  const std::string file = take_photo();
  EXPECT_EQ(state_on(page), "device_only");
  const json::object home = page.expect("view", {{"view", "home"}});
  EXPECT_EQ(home.at("photos").to_number<int>(), 1);
  EXPECT_EQ(home.at("photo_bytes").to_number<std::size_t>(), photo.size() + thumbnail.size());

  const json::object sent = page.sync(port());
  EXPECT_TRUE(sent.at("synced").as_bool()) << json::serialize(sent);
  EXPECT_EQ(sent.at("files").at("sent").to_number<int>(), 2) << json::serialize(sent);
  EXPECT_EQ(sent.at("files").at("bytes_sent").to_number<std::size_t>(),
            photo.size() + thumbnail.size())
      << "each byte once";
  EXPECT_EQ(state_on(page), "received");
  EXPECT_EQ(page.sync(port()).at("files").at("bytes_sent").to_number<int>(), 0);
  EXPECT_EQ(fetched_elsewhere(file), photo);
  EXPECT_EQ(seen_on(page, file, "original"), photo) << "stays here for a while";
}

TEST_F(PagePhotos, TravelInExchangesWhereNoSocketGetsThrough) {
  const std::string file = take_photo();
  const json::object sent = page.sync_by_post(port());
  EXPECT_TRUE(sent.at("synced").as_bool()) << json::serialize(sent);
  EXPECT_EQ(sent.at("files").at("sent").to_number<int>(), 2) << json::serialize(sent);
  EXPECT_EQ(sent.at("files").at("bytes_sent").to_number<std::size_t>(),
            photo.size() + thumbnail.size());
  EXPECT_EQ(state_on(page), "received");
  EXPECT_EQ(fetched_elsewhere(file), photo);
}

// Each exchange is signed in parts; the files go behind the last of them.
TEST_F(PagePhotos, TravelWhereTheBrowserHoldsTheKey) {
  page = PagePeer();
  page.hold_keys();
  enrol(page);
  const std::string file = take_photo();
  EXPECT_EQ(page.sync_by_post(port()).at("files").at("sent").to_number<int>(), 2);
  EXPECT_EQ(state_on(page), "received");
  EXPECT_EQ(fetched_elsewhere(file), photo);
  photo[100'000] = 'x';
  take_photo();
  const json::object sent = page.sync(port());
  EXPECT_EQ(sent.at("files").at("sent").to_number<int>(), 2) << json::serialize(sent);
}

/// A connection on which the page speaks frame by frame, as a browser does.
class Line {
 public:
  Line(PagePeer& page, std::uint16_t port)
      : page_(page), socket_(port, "cs1", "Origin: http://localhost\r\n") {
    page_.expect("greet", {{"live", "1"}});
    send();
  }

  void send() {
    if (!page_.bytes().empty()) {
      EXPECT_TRUE(socket_.send_bytes(page_.bytes()));
    }
  }
  /// Takes one frame of the server and says what follows it; false when none came.
  bool turn() {
    const auto frame = socket_.next();
    if (!frame) return false;
    const events::Bytes bytes = protocol::encode_frame(*frame);
    state = page_.expect("frames", {{"frames", std::string(bytes.begin(), bytes.end())}});
    send();
    while (page_.give_files(state)) {
      state = page_.expect("push");
      send();
    }
    return true;
  }
  std::size_t bytes_of_files() const {
    return state.contains("files") ? state.at("files").at("bytes_sent").to_number<std::size_t>()
                                   : 0;
  }

  json::object state;

 private:
  PagePeer& page_;
  RawWebSocket socket_;
};

// The battery goes at any moment; what was sent is not sent again, and nothing is lost.
TEST_F(PagePhotos, GoOnAfterAKillInTheMiddle) {
  const std::string file = take_photo();
  std::size_t sent = 0;
  {
    Line line(page, port());
    while (line.bytes_of_files() < 60'000) ASSERT_TRUE(line.turn());
    sent = line.bytes_of_files();
    ASSERT_LT(sent, photo.size());
  }
  page.restart();
  const json::object rest = page.sync(port());
  EXPECT_TRUE(rest.at("files").at("idle").as_bool()) << json::serialize(rest);
  const auto again = rest.at("files").at("bytes_sent").to_number<std::size_t>();
  EXPECT_GT(again, 0U);
  EXPECT_LT(again, photo.size()) << "what was durable there did not go again";
  EXPECT_EQ(state_on(page), "received");
  EXPECT_EQ(fetched_elsewhere(file), photo);
}

// A registration must not wait behind a photo on a village line.
TEST_F(PagePhotos, LetAnEventPassThatIsRecordedMeanwhile) {
  take_photo();
  Line line(page, port());
  while (line.bytes_of_files() < 20'000) ASSERT_TRUE(line.turn());
  PagePeer::Given paper = evidence();
  paper.resize(5);  // Seen, without a photo.
  ASSERT_TRUE(page.expect("act", paper).at("stored").as_bool());
  page.expect("push");
  const auto frames = protocol::read_frames(page.bytes());
  ASSERT_TRUE(frames);
  ASSERT_FALSE(frames->empty());
  EXPECT_FALSE(std::holds_alternative<protocol::BlobChunk>(frames->front()));
  const auto is_push = [](const protocol::Message& frame) {
    return std::holds_alternative<protocol::Push>(frame);
  };
  EXPECT_EQ(std::count_if(frames->begin(), frames->end(), is_push), 1);
  line.send();
  while (!line.state.at("synced").as_bool()) ASSERT_TRUE(line.turn());
  EXPECT_LT(line.bytes_of_files(), photo.size()) << "official before the photo is through";
}

TEST_F(PagePhotos, OfOthersComeSmallByThemselvesAndWholeWhenSomebodyLooks) {
  const std::string file = attach(scratch / "photo.jpg");
  send_originals("always");
  setup.commune().json({"sync"});
  const json::object pulled = page.sync(port());
  EXPECT_EQ(pulled.at("files").at("fetched").to_number<int>(), 1) << "the thumbnail";
  EXPECT_EQ(state_on(page), "received");
  EXPECT_FALSE(photos(page).at("here").as_bool());
  EXPECT_EQ(seen_on(page, file, "thumbnail").substr(0, 3), "\xFF\xD8\xFF");
  EXPECT_EQ(seen_on(page, file, "original"), "not here");

  page.expect("photo", {{"file", file}, {"want", "1"}});
  EXPECT_TRUE(photos(page).at("wanted").as_bool());
  page.sync(port());
  EXPECT_EQ(seen_on(page, file, "original"), photo);
  EXPECT_FALSE(photos(page).at("wanted").as_bool());
}

// On a line that is open the picture comes at once, and a cut costs only what was under way.
TEST_F(PagePhotos, ThatAreFetchedGoOnWhereAKillStoppedThem) {
  const std::string file = attach(scratch / "photo.jpg");
  send_originals("always");
  setup.commune().json({"sync"});
  page.sync(port());
  page.expect("photo", {{"file", file}, {"want", "1"}});
  const std::string name(page.expect("photo", {{"file", file}}).at("name").as_string());
  {
    Line line(page, port());
    while (page.pieces_of(name).size() < 40'000) ASSERT_TRUE(line.turn());
  }
  const std::size_t before = page.pieces_of(name).size();
  ASSERT_LT(before, photo.size());
  page.restart();
  const PagePeer::Disk begun = page.files();
  page.sync(port());
  EXPECT_EQ(seen_on(page, file, "original"), photo);
  for (const auto& [key, piece] : begun) {
    if (key.starts_with(name)) {
      EXPECT_EQ(page.files().at(key), piece) << "not fetched again";
    }
  }
}

// Forty photos must not lie in the memory of an old phone, nor in the open on its disk.
TEST_F(PagePhotos, LieSealedApartFromTheRowsAndAreLockedWithThem) {
  const std::string file = take_photo();
  std::size_t rows = 0;
  for (const auto& [key, value] : page.disk()) rows += key.size() + value.size();
  EXPECT_LT(rows, 20'000U);
  ASSERT_EQ(page.files().size(), 2U);
  for (const auto& [key, piece] : page.files()) {
    EXPECT_EQ(piece.find(photo.substr(2'000, 16)), std::string::npos);
    EXPECT_EQ(piece.find("\xFF\xD8\xFF"), std::string::npos);
  }
  page.restart();
  EXPECT_EQ(seen_on(page, file, "original"), photo);
  page.expect("lock");
  EXPECT_EQ(page.call("photo", {{"file", file}}).at("error").at("code").as_string(), "locked");
}

TEST_F(PagePhotos, OfAnActThatIsNotRecordedAreNowhere) {
  PagePeer::Given act = evidence();
  act.emplace_back("dry", "1");
  const json::object judged = page.expect("act", act);
  EXPECT_EQ(judged.at("events").as_array().size(), 1U) << json::serialize(judged);
  act.back() = {"document_day", "31/12/2999"};
  const json::object late = page.expect("act", act);
  EXPECT_FALSE(late.at("stored").as_bool()) << json::serialize(late);
  act = evidence();
  for (auto& [field, value] : act) {
    if (field == "photo") value = "GIF89a";
  }
  const json::object unread = page.expect("act", act);
  ASSERT_EQ(unread.at("problems").as_array().size(), 1U) << json::serialize(unread);
  EXPECT_EQ(unread.at("problems").as_array().front().at("field").as_string(), "photo");
  for (auto& [field, value] : act) {
    if (field == "photo") field = "photo_size", value = "120000";
  }
  EXPECT_FALSE(page.expect("act", act).at("stored").as_bool()) << "a size is no photo";
  EXPECT_TRUE(page.files().empty());
  EXPECT_EQ(page.expect("view", {{"view", "home"}}).at("own_events").to_number<int>(), 0);
}

// Browsers clear storage in part.  The officer hears of it while the paper is still in the hamlet.
TEST_F(PagePhotos, ThatTheBrowserLostAreToldAndTheirEventStays) {
  take_photo();
  page.files().clear();
  const json::object sent = page.sync(port());
  EXPECT_TRUE(sent.at("synced").as_bool()) << json::serialize(sent);
  EXPECT_EQ(state_on(page), "damaged");
  const json::object home = page.expect("view", {{"view", "home"}});
  EXPECT_EQ(home.at("photos").to_number<int>(), 0);
  EXPECT_EQ(home.at("photos_damaged").to_number<int>(), 2);
  EXPECT_EQ(home.at("official").to_number<int>(), 1);
}

// A changed byte must not become evidence.
TEST_F(PagePhotos, ThatTheDiskChangedAreNeitherSentNorShown) {
  const std::string file = take_photo();
  for (auto& [key, piece] : page.files()) piece[piece.size() / 2] ^= 1;
  const json::object found = page.expect("photo", {{"file", file}});
  const std::string pieces = page.pieces_of(std::string(found.at("name").as_string()));
  EXPECT_EQ(
      page.call("photo", {{"file", file}, {"pieces", pieces}}).at("error").at("code").as_string(),
      "storage_corrupt");
  EXPECT_EQ(page.sync(port()).at("files").at("sent").to_number<int>(), 0);
  EXPECT_EQ(state_on(page), "damaged");
}

// On a slow line a photo waits for a better one, unless the officer wants it to go all the same.
TEST_F(PagePhotos, WaitWhenTheOfficerSaysSo) {
  page.expect("originals", {{"when", "asked"}});
  take_photo();
  const json::object sent = page.sync(port());
  EXPECT_EQ(sent.at("files").at("held_back").to_number<int>(), 1) << json::serialize(sent);
  EXPECT_EQ(sent.at("files").at("sent").to_number<int>(), 1) << "the thumbnail";
  EXPECT_EQ(state_on(page), "device_only");
  EXPECT_EQ(page.expect("view", {{"view", "home"}}).at("originals").as_string(), "asked");
  page.expect("originals", {{"when", "always"}});
  page.sync(port());
  EXPECT_EQ(state_on(page), "received");
}

}  // namespace
}  // namespace e2e
