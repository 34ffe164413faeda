// As its documentation says: errors, and the feedback widget with its button.
import * as Sentry from "@sentry/browser";

Sentry.init({
  dsn: `http://bench@${location.host}/1`,
  integrations: [Sentry.feedbackIntegration({ colorScheme: "system" })],
});
