FROM node:20
WORKDIR /app
VOLUME /app/node_modules
ENTRYPOINT ["npx"]
CMD ["nodemon", "--inspect=0.0.0.0", "server.js"]
