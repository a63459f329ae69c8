"""The functions behind `import cmdpoint`. Import them from there; these modules may move."""
