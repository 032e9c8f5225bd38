#pragma once

#include "ui/model/encoder_eye.h"
#include "ui/model/engine_client.h"
#include "ui/model/job_history_model.h"
#include "ui/model/notice.h"
#include "ui/model/picture_files.h"
#include "ui/model/picture_run.h"
#include "ui/model/reference_list_model.h"
#include "ui/model/request_model.h"

#include <QObject>
#include <QTimer>

#include <functional>
#include <memory>
#include <optional>

namespace likeness {

// What the window needs from the rest of the program; the composition root fills it in.
struct SessionParts {
    Engine::MakeRunner make_runner{};
    // What is known of a model from its configs; called off the window's thread, may throw Error.
    // Empty: defaults.
    std::function<ModelTraits(const std::string& model)> model_traits{};
};

// One sitting at the studio: the request being edited, the cards, the runs, the pictures made, and
// the rules between them. Widgets show its models and call its verbs.
class Session : public QObject {
    Q_OBJECT

public:
    explicit Session(SessionParts parts, QObject* parent = nullptr);
    ~Session() override;

    RequestModel& request() { return request_; }

    ReferenceListModel& references() { return references_; }

    EncoderEye& encoderEye() { return eye_; }

    JobHistoryModel& history() { return history_; }

    PictureRun& run() { return run_; }

    const std::optional<ResultImage>& shown() const { return shown_; }

    bool isLive() const { return live_; }

    QString goodModel() const { return good_model_; } // the last one that opened; empty before

    GenerationRequest currentRequest() const; // with references

    void begin(const GenerationRequest& request); // what the first sitting shows
    void start();    // opens the model and encodes the tray ahead of time
    void shutDown(); // stops, joins, destroys the runner
    void generate(); // the button; waits for references that are still being read
    void stop();
    void setLive(bool live);
    void strengthEdited(); // a strength moved: the picture is made again with its seed
    void openModel(const QString& model);
    void addPictures(const MimePictures& pictures);
    void setLookMask(quint64 card, const ImagePtr& mask); // what is looked at; null: all
    void setMask(quint64 card, const ImagePtr& mask);     // where it acts; null: everywhere
    void saveReferenceSet(const QString& name);
    void loadReferenceSet(const QString& name); // replaces the tray
    void removeReferenceSet(const QString& name);
    void useSettings(const GenerationRequest& request);
    void
    useSettingsOf(const PictureSource& source); // a picture without settings becomes a reference
    void undoSettings();
    void useSettingsOfResult(int history_row);
    void addResultAsReference(int history_row);
    void show(int history_row);
    void save(const QString& path);

Q_SIGNALS:
    void noticed(const likeness::Notice& notice);
    void shownChanged();
    void modelChanged();
    void statusChanged(const QString& text); // one quiet line: what was just done

private:
    void connectReferences();
    QString keepMask(const ImagePtr& mask); // gives its path
    // Runs `work` off the window's thread; an Error of it becomes a notice under that title.
    void fileWork(const QString& failure, const std::function<std::function<void()>()>& work);
    void readPictures(); // of the cards that have none yet
    void remakeSoon(int milliseconds);
    void remake();
    void prepare();
    void readTraits();
    void keepPicture(const ResultImage& picture, const ScreenPicture& screen);
    void showPicture(const ResultImage& picture, const ScreenPicture& screen);
    void fillCards(const QList<quint64>& cards, const QList<PictureSource>& sources,
                   const QList<Refusal>& refusals);
    void tellFailure(const GenerationRequest& request, const Failed& failure);
    void tellRefusals(const QList<Refusal>& refusals);
    void loadReferences(const GenerationRequest& request);

    SessionParts parts_;
    RequestModel request_;
    ReferenceListModel references_;
    JobHistoryModel history_;
    EngineClient client_;
    PictureRun run_;
    PictureFiles files_;
    EncoderEye eye_{files_};
    QTimer remake_timer_;
    std::optional<ResultImage> shown_{};
    std::optional<GenerationRequest> before_settings_{};
    std::vector<ReferenceCard> cards_before_settings_{};
    QString good_model_{};
    bool started_ = false;
    bool generate_when_read_ = false;
    bool seed_used_ = false;
    bool live_ = false;
};

} // namespace likeness
